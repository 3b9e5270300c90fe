import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../core/engine.ts';
import { packageFile } from '../../core/package-root.ts';
import { checks } from './registry.ts';
import { targetOfExample } from './testing.ts';

describe.each(checks.map((check) => ({ id: check.id, check })))('$id', ({ id, check }) => {
  it('has a folder of its name, with tests', () => {
    const folder = `src/rollback/rules/${id.replace('rollback/', '')}`;
    expect(existsSync(packageFile(`${folder}/index.ts`))).toBe(true);
    expect(existsSync(packageFile(`${folder}/index.test.ts`))).toBe(true);
  });

  it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
    const example = check.meta[kind];
    const { findings, outcomes } = await runChecks({
      checks: [check],
      targets: [await targetOfExample(example)],
      signal: new AbortController().signal,
      clock: { now: () => new Date(0), monotonic: () => 0 },
      evidence: { add: () => Promise.reject(new Error('an example leaves no evidence')) },
    });
    expect(findings.map(({ messageId }) => ({ messageId }))).toEqual(example.findings);
    expect(outcomes[0]?.outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
  });
});
