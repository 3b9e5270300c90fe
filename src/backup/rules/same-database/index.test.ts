import { expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

const identity = { systemIdentifier: '7300000000000000001', database: 'shop' };

it.each([
  ['another cluster', { live: { ...identity, systemIdentifier: '2' } }],
  ['another name', { live: { ...identity, database: 'other' } }],
])('finds a set of %s', async (_, part) => {
  expect(await found(check, JSON.stringify(part))).toEqual(['other']);
});

it('is open when the database could not be asked', async () => {
  const { outcomes, notExamined } = await judge(check, '{ "live": { "problem": "down" } }');
  expect([outcomes[0]?.outcome, notExamined[0]?.why]).toEqual(['inconclusive', 'down']);
});

it('finds what the bad example shows, and nothing in the good one', async () => {
  expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
  expect(await found(check, check.meta.good.text)).toEqual([]);
});
