import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('is undecided about what could not be compared, and about another set', async () => {
    const lacking = '{ "rehearsal": { "lacking": [{ "what": "the schema", "why": "versions" }] } }';
    expect((await judge(check, lacking)).outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
    const other = '{ "rehearsal": { "set": "20251231T000000000Z-shop-00000000" } }';
    expect((await judge(check, other)).outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
  });

  it('does not print a hundred thousand lines', async () => {
    const one = { what: 'object', name: 'x', expected: 'present', found: 'missing' };
    const differences = Array.from({ length: 150 }, () => one);
    const ids = await found(check, JSON.stringify({ rehearsal: { differences } }));
    expect(ids).toHaveLength(101);
  });
});
