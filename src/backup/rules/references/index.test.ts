import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('names the first keys', async () => {
    const keys = '["a", "b", "c", "d"]';
    const reference = `{ "bucket": "x", "query": "q", "keys": 9, "dangling": 4, "examples": ${keys} }`;
    const run = await judge(check, `{ "set": { "references": [${reference}] } }`);
    expect(run.findings[0]?.message).toBe(
      '4 of 9 keys that rows name are no objects of the bucket x: a, b, c, …',
    );
  });
});
