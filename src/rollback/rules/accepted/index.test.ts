import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

const workload = (part: object) => ({ workloads: [part] });
const dryRun = (part: object) => workload({ dryRuns: [part] });

it('says what the server refuses', async () => {
  const part = dryRun({ outcome: 'refused', message: 'violates PodSecurity' });
  expect((await said(check, part)).messages).toEqual([
    'deployment/web: the server refuses the patch: violates PodSecurity',
  ]);
});

it('leaves out a quota that the old pod will have left by then', async () => {
  const pod = { request: 'pod', outcome: 'refused', message: 'exceeded quota: full' };
  const part = { dryRuns: [pod] };
  expect((await said(check, workload({ ...part, surges: false }))).ids).toEqual([]);
  expect((await said(check, workload({ ...part, surges: true }))).ids).toEqual(['refused:error']);
});

it('tells a permission that is missing from a refusal', async () => {
  const denied = { outcome: 'denied', message: 'cannot patch resource "deployments"' };
  expect(await said(check, dryRun(denied))).toMatchObject({
    outcome: 'inconclusive',
    fault: 'cluster-denied',
  });
  expect(await said(check, dryRun({ ...denied, request: 'pod' }))).toMatchObject({
    outcome: 'inconclusive',
    fault: undefined,
  });
});

it('names pods that hold a StatefulSet up, until somebody wants them deleted', async () => {
  const stuckPods = [{ name: 'web-1', uid: 'x' }];
  const part = { kind: 'StatefulSet', stuckPods };
  expect((await said(check, workload(part))).messages[0]).toContain('web-1 never became ready');
  expect((await said(check, workload({ ...part, deletesStuckPods: true }))).ids).toEqual([]);
});

it('says who and what else acts on it', async () => {
  const { ids } = await said(
    check,
    workload({
      owner: { by: 'Argo CD', name: 'shop' },
      autoscaler: { name: 'web', min: 2, max: 9 },
      unfinished: '1 of 3 replicas are updated',
    }),
  );
  expect(ids).toEqual(['owned:warning', 'busy:info', 'autoscaled:info']);
});
