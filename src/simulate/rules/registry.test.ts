import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Check, Example } from '../../core/check.ts';
import { runChecks } from '../../core/engine.ts';
import { packageFile } from '../../core/package-root.ts';
import type { Target } from '../../core/target.ts';
import { endpointOf } from './endpoint/testing.ts';
import { checks } from './registry.ts';
import { targetOfExample } from './testing.ts';

const targetOf = ({ appliesTo }: Check, example: Example): Target =>
  appliesTo === 'service' ? endpointOf(JSON.parse(example.text)) : targetOfExample(example);

describe.each(checks.map((check) => ({ id: check.id, check })))('$id', ({ id, check }) => {
  it('has a folder of its name, and tests beside it', () => {
    const folder = `src/simulate/rules/${id.replace('simulation/', '')}`;
    expect(existsSync(packageFile(`${folder}/index.ts`))).toBe(true);
    expect(existsSync(packageFile(`${folder}/index.test.ts`))).toBe(true);
  });

  it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
    const example = check.meta[kind];
    const { findings, outcomes } = await runChecks({
      checks: [check],
      targets: [targetOf(check, example)],
      signal: new AbortController().signal,
      clock: { now: () => new Date(0), monotonic: () => 0 },
      evidence: { add: () => Promise.reject(new Error('an example leaves no evidence')) },
    });
    expect(findings.map(({ messageId }) => ({ messageId }))).toEqual(example.findings);
    expect(outcomes[0]?.outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
  });
});
