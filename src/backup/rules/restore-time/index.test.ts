import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('has no figure without a rehearsal that went to its end', async () => {
    for (const text of [
      '{ "rehearsal": null }',
      '{ "rehearsal": { "verdict": "could-not-check" } }',
    ]) {
      expect((await judge(check, text)).outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
    }
  });
});
