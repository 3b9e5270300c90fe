import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('misses the database', async () => {
    expect(await found(check, '{ "set": { "database": null } }')).toEqual(['database']);
    expect(await found(check, '{ "set": { "database": "other", "buckets": [] } }')).toEqual([
      'database',
      'bucket',
    ]);
    const none = '{ "wanted": { "database": null }, "set": { "database": null } }';
    expect(await found(check, none)).toEqual([]);
  });

  it('cannot tell from a manifest that cannot be read', async () => {
    const run = await judge(check, '{ "set": { "problem": "it is no JSON" } }');
    expect(run.outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
  });
});
