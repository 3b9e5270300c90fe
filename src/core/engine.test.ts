import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { runChecks } from './engine.ts';
import { Fault } from './fault.ts';
import type { Draft } from './finding.ts';
import type { Target } from './target.ts';
import { exitOfChecks } from './verdict.ts';

const target: Target = { kind: 'fileSet', name: 'files', digest: 'sha256:0', source: '.' };

const meta = {
  why: 'because',
  messages: { bad: '{{name}} is bad' },
  remediation: 'mend it',
  bad: { language: 'text', text: '', findings: [] },
  good: { language: 'text', text: '', findings: [] },
  references: [],
} as const;

function check(id: string, run: Check['run']): Check {
  return {
    id,
    title: id,
    severity: 'error',
    critical: true,
    item: 'manifests',
    appliesTo: 'fileSet',
    meta,
    run,
  };
}

const clock = { now: () => new Date(0), monotonic: () => performance.now() };
const evidence = { add: () => Promise.reject(new Error('not used')) };
const signal = new AbortController().signal;
const base = { clock, evidence, signal, targets: [target] };
const draft: Draft = { messageId: 'bad', data: { name: 'x' }, location: { file: 'f', line: 3 } };

describe('the engine', () => {
  it('settles every check: pass, findings, and a fault that is inconclusive', async () => {
    const run = await runChecks({
      ...base,
      checks: [
        check('a/pass', () => []),
        check('a/found', () => [draft]),
        check('a/fault', () => Promise.reject(new Fault('tool-missing', 'no tool'))),
        check('a/bug', () => {
          throw new TypeError('oops');
        }),
      ],
    });
    expect(run.outcomes.map(({ outcome, fault }) => [outcome, fault?.code])).toEqual([
      ['pass', undefined],
      ['findings', undefined],
      ['inconclusive', 'tool-missing'],
      ['inconclusive', 'internal'],
    ]);
    expect(run.findings[0]).toMatchObject({ message: 'x is bad', remediation: 'mend it' });
    expect(run.outcomes[3]?.fault?.cause).toContain('TypeError: oops');
  });

  it('never passes a check that did not look at everything', async () => {
    const run = await runChecks({
      ...base,
      checks: [
        check('a/partial', (context) => {
          context.notExamined('layer 2', 'foreign layer');
          return [];
        }),
      ],
    });
    expect(run.outcomes[0]?.outcome).toBe('inconclusive');
    expect(run.notExamined).toEqual([{ what: 'layer 2', why: 'foreign layer' }]);
  });

  it('does not let a finding that fails nothing hide what was not looked at', async () => {
    const partial = check('a/partial', (context) => {
      context.notExamined('layer 2', 'foreign layer');
      return [draft];
    });
    const exitWith = async (severity: 'warning' | 'error') => {
      const settings = { 'a/partial': { severity } };
      const run = await runChecks({ ...base, checks: [partial], settings });
      expect(run.findings).toHaveLength(1);
      return exitOfChecks(run.findings, run.outcomes, 'error');
    };
    expect(await exitWith('warning')).toBe(3);
    expect(await exitWith('error')).toBe(1);
  });

  it('turns a message that does not exist into a bug, not into a pass', async () => {
    const run = await runChecks({
      ...base,
      checks: [check('a/typo', () => [{ ...draft, messageId: 'nope' }])],
    });
    expect(run.outcomes[0]).toMatchObject({ outcome: 'inconclusive', fault: { code: 'internal' } });
  });

  it('counts disabled pairs as skipped and applies severities', async () => {
    const run = await runChecks({
      ...base,
      checks: [check('a/off', () => [draft]), check('a/soft', () => [draft])],
      settings: { 'a/off': { disabled: true }, 'a/soft': { severity: 'info' } },
    });
    expect(run.skipped).toBe(1);
    expect(run.findings.map((finding) => finding.severity)).toEqual(['info']);
  });

  it('keeps fingerprints over line moves and tells equal findings apart', async () => {
    const at = (line: number) => check('a/x', () => [{ ...draft, location: { file: 'f', line } }]);
    const [one, two] = await Promise.all(
      [3, 30].map((line) => runChecks({ ...base, checks: [at(line)] })),
    );
    expect(one?.findings[0]?.fingerprint).toBe(two?.findings[0]?.fingerprint);
    const twice = await runChecks({ ...base, checks: [check('a/x', () => [draft, draft])] });
    expect(new Set(twice.findings.map((finding) => finding.fingerprint)).size).toBe(2);
  });

  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const running = runChecks({
      ...base,
      signal: controller.signal,
      checks: [
        check('a/slow', async () => {
          controller.abort(new Error('stop'));
          return [];
        }),
      ],
    });
    await expect(running).rejects.toThrow('stop');
  });

  it('reports progress as it goes', async () => {
    const events: string[] = [];
    await runChecks({
      ...base,
      checks: [check('a/one', () => [])],
      onEvent: (event) => events.push(event.type),
    });
    expect(events).toEqual(['check-started', 'check-ended']);
  });
});
