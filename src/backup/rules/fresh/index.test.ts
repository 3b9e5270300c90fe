import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('asks for a set, and mistrusts a clock', async () => {
    expect(await found(check, '{ "set": null }')).toEqual(['none']);
    expect(await found(check, '{ "observedAt": "2025-12-31T23:00:00.000Z" }')).toEqual(['future']);
    expect(await found(check, '{ "observedAt": "2025-12-31T23:59:00.000Z" }')).toEqual([]);
  });

  it('does not guess the age of what cannot be read', async () => {
    const run = await judge(check, '{ "set": { "createdAt": null, "problem": "it is no JSON" } }');
    expect(run.outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
  });
});
