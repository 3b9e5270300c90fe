import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

it('tells what was given up from what ran out of time', async () => {
  const part = (outcome: string) => ({ executions: [{ outcome, message: 'ImagePullBackOff' }] });
  expect((await said(check, part('unhealthy'))).ids).toEqual(['unhealthy:error']);
  expect((await said(check, part('timed-out'))).messages[0]).toContain('ImagePullBackOff');
});

it('names a workload that was not reached', async () => {
  const part = { workloads: [{ name: 'web' }, { name: 'worker' }], executions: [{ name: 'web' }] };
  expect((await said(check, part)).messages).toEqual([
    'deployment/worker was not touched, because the one before it did not become well',
  ]);
});

it('does not pass a probe that could not be carried', async () => {
  const probes = [{ path: 'web-x/healthz', state: 'unknown', message: 'no port' }];
  expect(await said(check, { executions: [{ probes }] })).toMatchObject({
    outcome: 'inconclusive',
    ids: [],
  });
});
