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

it('asks every process where an engine tells them', async () => {
  const user = (uid: number, command: string) => ({ uid, gid: 1, command });
  const said = async (...seen: ReturnType<typeof user>[]) =>
    (await judge(check, { ...processSeen({ uid: 7 }), users: { seen } })).said;
  expect(await said(user(7, 'app'), user(8, 'worker'))).toEqual([]);
  expect(await said(user(0, 'app'), user(8, 'worker'))).toEqual([
    'root: Deployment/shop, container shop: its main process runs as root (uid 0)',
  ]);
  expect(await said(user(7, 'app'), user(0, 'cron'))).toEqual([
    'child: Deployment/shop, container shop: cron, which its main process started, runs as root (uid 0)',
  ]);
  const blind = await judge(check, { users: { why: 'no ps' } });
  expect(blind.notExamined).toEqual(['users of Deployment/shop, container shop: no ps']);
});
