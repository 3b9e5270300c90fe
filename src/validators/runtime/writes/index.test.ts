import { expect, it } from 'vitest';
import { judgeRun } from '../testing.ts';
import { check } from './index.ts';

it('names the first places and counts the others', async () => {
  const seen = ['/a', '/b', '/c', '/d', '/e', '/f', '/g'];
  expect((await judgeRun(check, { writes: { seen } })).said).toEqual([
    'written: shop:1: wrote outside of its volumes: /a, /b, /c, /d, /e and 2 more',
  ]);
  expect((await judgeRun(check, { writes: { seen: ['/a'] } })).said).toEqual([
    'written: shop:1: wrote outside of its volumes: /a',
  ]);
});

it('stays open where nobody could look', async () => {
  const { outcome, notExamined } = await judgeRun(check, { writes: { why: 'it did not start' } });
  expect([outcome, notExamined]).toEqual(['inconclusive', ['writes of shop:1: it did not start']]);
});
