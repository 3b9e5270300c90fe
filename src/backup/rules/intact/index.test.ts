import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('counts what a rehearsal saw, once', async () => {
    const problem = '[{ "path": "sets/x/database.dump.zst", "problem": "it is missing" }]';
    expect(await found(check, `{ "rehearsal": { "damage": ${problem} } }`)).toEqual(['damaged']);
    const both = `{ "verification": { "problems": ${problem} }, "rehearsal": { "damage": ${problem} } }`;
    expect(await found(check, both)).toEqual(['damaged']);
  });

  it('says when the manifest cannot be read, or nobody read the set', async () => {
    expect(await found(check, '{ "set": { "problem": "it is no JSON" } }')).toEqual(['manifest']);
    const run = await judge(check, '{ "verification": null, "rehearsal": null }');
    expect(run.outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
  });

  it('does not print a hundred thousand lines', async () => {
    const problems = Array.from({ length: 150 }, (_, at) => ({ path: `o/${at}`, problem: 'gone' }));
    const ids = await found(check, JSON.stringify({ verification: { problems } }));
    expect(ids).toHaveLength(101);
    expect(ids.at(-1)).toBe('more');
  });
});
