import { expect, it } from 'vitest';
import { judge, processSeen } from '../testing.ts';
import { check } from './index.ts';

it('asks the process and nothing else', async () => {
  expect((await judge(check, processSeen({ uid: 0 }))).said).toEqual([
    'root: Deployment/shop, container shop: its main process runs as root (uid 0)',
  ]);
  expect((await judge(check, processSeen({ uid: 1 }))).outcome).toBe('pass');
});

it('stays open when nobody could look', async () => {
  const { outcome, notExamined } = await judge(check, { process: { why: 'it has no cat' } });
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual(['user of Deployment/shop, container shop: it has no cat']);
});
