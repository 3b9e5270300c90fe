import { expect, it } from 'vitest';
import { judge, processSeen } from '../testing.ts';
import { check } from './index.ts';

const loose = processSeen({ capabilities: ['CAP_A', 'CAP_B', 'CAP_C', 'CAP_D'] });
const tried = (works: boolean | null, why: string) => ({
  ...loose,
  trials: [{ setting: 'no-capabilities', works, why } as const],
});
const label = 'Deployment/shop, container shop';

it('has nothing to say of what is tight already', async () => {
  expect((await judge(check, {})).outcome).toBe('pass');
});

it('says what a trial showed', async () => {
  expect((await judge(check, tried(true, ''))).said).toEqual([
    `unused: ${label}: has CAP_A, CAP_B, CAP_C and 1 more capabilities and works without; drop ALL`,
  ]);
  expect((await judge(check, tried(false, 'EROFS'))).said).toEqual([
    `needed: ${label}: has CAP_A, CAP_B, CAP_C and 1 more capabilities and does not work without capabilities: EROFS`,
  ]);
});

it('stays open without a trial', async () => {
  const { outcome, notExamined } = await judge(check, tried(null, 'the quota is used up'));
  expect(outcome).toBe('inconclusive');
  expect(notExamined).toEqual([`no-capabilities of ${label}: the quota is used up`]);
  expect((await judge(check, loose)).notExamined).toEqual([
    `no-capabilities of ${label}: it was not tried`,
  ]);
});

it('of an engine, which gives capabilities unasked, judges by the trial alone', async () => {
  const engine = { owner: null, process: { why: 'no cat' } } as const;
  const seen = (works: boolean) => ({ ...tried(works, 'EPERM'), ...engine });
  expect((await judge(check, seen(true))).outcome).toBe('pass');
  expect((await judge(check, seen(false))).said).toEqual([
    `needed: ${label}: has capabilities and does not work without capabilities: EPERM`,
  ]);
  const tight = { ...tried(false, 'EPERM'), ...processSeen({ capabilities: [] }), owner: null };
  expect((await judge(check, tight)).said).toEqual([
    `needed: ${label}: has no capability in effect and does not work without capabilities: EPERM`,
  ]);
});
