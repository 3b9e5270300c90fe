import { expect, it } from 'vitest';
import { judgeRun } from '../testing.ts';
import { check } from './index.ts';

const tried = (works: boolean | null, asked = true) => ({
  trials: [{ setting: 'other-user', tried: 'TRIED', works, why: 'WHY', asked } as const],
});

it('says what the trial showed', async () => {
  expect((await judgeRun(check, tried(true))).outcome).toBe('pass');
  const { said } = await judgeRun(check, tried(false));
  expect(said).toEqual([expect.stringMatching(/^needed: shop:1: does not .*: WHY$/)]);
});

it('stays open when it could not be tried', async () => {
  const { outcome, notExamined } = await judgeRun(check, tried(null));
  expect([outcome, notExamined]).toEqual(['inconclusive', ['other-user of shop:1: WHY']]);
  expect((await judgeRun(check, { trials: [] })).outcome).toBe('inconclusive');
});

it('is not meant for an image with nothing to try', async () => {
  const { said, notExamined } = await judgeRun(check, tried(null, false));
  expect([said, notExamined]).toEqual([[], []]);
});
