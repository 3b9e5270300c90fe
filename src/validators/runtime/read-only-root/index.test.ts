import { expect, it } from 'vitest';
import { judge, processSeen } from '../testing.ts';
import { check } from './index.ts';

const loose = processSeen({ readOnlyRoot: false });
const tried = (works: boolean | null, why: string) => ({
  ...loose,
  trials: [{ setting: 'read-only-root', works, why } as const],
});
const label = 'Deployment/shop, container shop';

it('has nothing to say of what is tight already', async () => {
  expect((await judge(check, {})).outcome).toBe('pass');
});

it('says what a trial showed', async () => {
  expect((await judge(check, tried(true, ''))).said).toEqual([
    `unused: ${label}: works with a read-only root and does not ask for it; set readOnlyRootFilesystem: true`,
  ]);
  expect((await judge(check, tried(false, 'EROFS'))).said).toEqual([
    `needed: ${label}: does not work with a read-only root: EROFS`,
  ]);
});

it('stays open without a trial', async () => {
  const { outcome, notExamined } = await judge(check, tried(null, 'the quota is used up'));
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual([`read-only-root of ${label}: the quota is used up`]);
  expect((await judge(check, loose)).notExamined).toEqual([
    `read-only-root of ${label}: it was not tried`,
  ]);
});
