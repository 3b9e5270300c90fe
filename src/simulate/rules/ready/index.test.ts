import { expect, it } from 'vitest';
import type { Cause, WorkloadSeen } from '../../observation.ts';
import { judge, shop, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const cause = (parts: Partial<Cause>): Cause => ({
  ...{ reason: 'crash-loop', pod: 'shop-1', container: 'shop', detail: 'ended 3 times' },
  lastLog: null,
  ...parts,
});
const workload = (parts: Partial<WorkloadSeen>): WorkloadSeen => ({
  ...{ object: shop, state: 'failed', message: '0 of 3 pods available', cause: null },
  readyAfterMs: null,
  ...parts,
});

it('names object, container, cause, last line and next step', async () => {
  const workloads = [workload({ cause: cause({ lastLog: 'no config' }) })];
  expect((await judge(check, simulationOf({ ended: 'doomed', workloads }))).said).toEqual([
    'crash-loop: Deployment/shop, container shop: crashes again and again: ended 3 times; its last line: no config; its log is in the evidence',
  ]);
});

it('finds what was not ready at the deadline, with or without a cause', async () => {
  const workloads = [
    workload({ state: 'waiting', cause: cause({ reason: 'probe-failing', detail: 'GET :80/' }) }),
    workload({ state: 'waiting', object: { ...shop, name: 'other' } }),
  ];
  expect((await judge(check, simulationOf({ ended: 'deadline', workloads }))).said).toEqual([
    'probe-failing: Deployment/shop, container shop: GET :80/; correct the probe, or what it asks for',
    expect.stringMatching(/^not-ready: Deployment\/other: was not ready in time: 0 of 3 pods/),
  ]);
});

it('says of the others that they were not waited for', async () => {
  const other = { ...shop, kind: 'StatefulSet', name: 'db' };
  const workloads = [
    workload({ cause: cause({}) }),
    workload({ state: 'waiting', object: other, message: '0 of 1 pods ready' }),
  ];
  const { said, notExamined } = await judge(check, simulationOf({ ended: 'doomed', workloads }));
  expect(said).toHaveLength(1);
  expect(notExamined).toEqual([
    'StatefulSet/db: 0 of 1 pods ready when Deployment/shop had failed',
  ]);
});

it('leaves the verdict open for what is suspended, and not for what has no rule', async () => {
  const suspended = [workload({ state: 'suspended', message: 'spec.suspend is true' })];
  expect((await judge(check, simulationOf({ workloads: suspended }))).outcome).toBe('inconclusive');
  const unknown = [workload({ state: 'unknown', message: 'no rule' })];
  expect((await judge(check, simulationOf({ workloads: unknown }))).outcome).toBe('pass');
});

it('leaves it open for parts that were not simulated and matter', async () => {
  const gap = { what: 'chart', why: 'a Helm chart' };
  const open = simulationOf({ notSimulated: [{ ...gap, open: true }] });
  expect((await judge(check, open)).notExamined).toEqual(['chart: a Helm chart']);
  const closed = simulationOf({ notSimulated: [{ ...gap, open: false }] });
  expect((await judge(check, closed)).outcome).toBe('pass');
});

it('names a Secret that nobody gave, with its keys', async () => {
  const missing = [{ name: 'keys', keys: ['a', 'b'], usedBy: shop, inTarget: false }];
  const secrets = { given: [], missing };
  const seen = await judge(check, simulationOf({ ended: 'not-started', workloads: [], secrets }));
  expect(seen.said[0]).toContain(
    'Deployment/shop: needs the Secret keys (a, b), which the release does not bring and the target namespace does not have; give one to the sandbox with --secret keys=',
  );
});

it('is open when nothing was accepted, or nothing was to be deployed', async () => {
  const nothing = simulationOf({ ended: 'not-started', workloads: [] });
  expect((await judge(check, nothing)).outcome).toBe('inconclusive');
  const diff = simulationOf({ mode: 'diff-only', ended: 'not-started', workloads: [] });
  expect((await judge(check, diff)).outcome).toBe('inconclusive');
});
