import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../core/package-root.ts';
import { checks } from './registry.ts';
import { judge } from './testing.ts';

describe.each(checks.map((check) => ({ id: check.id, check })))('$id', ({ id, check }) => {
  it('has a folder of its name, with tests', () => {
    const folder = `src/migrations/rules/${id.replace('migration/', '')}`;
    expect(existsSync(packageFile(`${folder}/index.ts`))).toBe(true);
    expect(existsSync(packageFile(`${folder}/index.test.ts`))).toBe(true);
  });

  it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
    const example = check.meta[kind];
    const { findings, outcomes } = await judge(check, JSON.parse(example.text));
    expect(findings.map(({ messageId }) => ({ messageId }))).toEqual(example.findings);
    expect(outcomes[0]?.outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
  });
});
