import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../core/check.ts';
import { targetOfExample } from './examples.ts';
import type { ManifestSet } from './load.ts';
import { examine } from './testing.ts';

const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((entry) =>
  entry.isDirectory(),
);
const rules = await Promise.all(
  folders.map(async ({ name }) => {
    const module: { check: Check<ManifestSet> } = await import(`./${name}/index.ts`);
    return { name, check: module.check };
  }),
);

describe.each(rules)('$name', ({ name, check }) => {
  it('has the id of its folder', () => {
    expect(check.id).toBe(`manifest/${name}`);
  });

  it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
    const example = check.meta[kind];
    const { seen, outcome } = await examine(check, await targetOfExample(example));
    expect(seen).toEqual(example.findings);
    expect(outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
  });
});
