import { expect, it } from 'vitest';
import { judgeRun } from '../testing.ts';
import { check } from './index.ts';

it('is not meant for images without a health check', async () => {
  const { said, outcome } = await judgeRun(check, { health: null });
  expect([said, outcome]).toEqual([[], undefined]);
});

it('stays open where nobody could look', async () => {
  const { outcome, notExamined } = await judgeRun(check, { health: { why: 'it ended' } });
  expect([outcome, notExamined]).toEqual(['inconclusive', ['health of shop:1: it ended']]);
});

it('says what the check printed, or that it printed nothing', async () => {
  const said = async (text: string) =>
    (await judgeRun(check, { health: { seen: { healthy: false, seconds: 9, said: text } } })).said;
  const begin =
    'unhealthy: shop:1: its health check did not say healthy within 9 s; it last printed: ';
  expect(await said('refused')).toEqual([`${begin}refused`]);
  expect(await said('')).toEqual([`${begin}nothing`]);
});
