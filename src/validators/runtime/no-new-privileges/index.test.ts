import { expect, it } from 'vitest';
import { judge, processSeen } from '../testing.ts';
import { check } from './index.ts';

const loose = processSeen({ noNewPrivileges: false });
const tried = (works: boolean | null, why: string) => ({
  ...loose,
  trials: [{ setting: 'no-new-privileges', works, why } as const],
});
const label = 'Deployment/shop, container shop';

it('has nothing to say of what is tight already', async () => {
  expect((await judge(check, {})).outcome).toBe('pass');
});

it('says what a trial showed', async () => {
  expect((await judge(check, tried(true, ''))).said).toEqual([
    `unused: ${label}: works without gaining privileges and may gain them; set allowPrivilegeEscalation: false`,
  ]);
  expect((await judge(check, tried(false, 'EROFS'))).said).toEqual([
    `needed: ${label}: does not work when it cannot gain privileges: EROFS`,
  ]);
});

it('stays open without a trial', async () => {
  const { outcome, notExamined } = await judge(check, tried(null, 'the quota is used up'));
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual([`no-new-privileges of ${label}: the quota is used up`]);
  expect((await judge(check, loose)).notExamined).toEqual([
    `no-new-privileges of ${label}: it was not tried`,
  ]);
});
