import { expect, it } from 'vitest';
import type { KubeObject } from '../adapters/kube/kube.ts';
import { settlingOf } from './settling.ts';
import { deployed, event, live, worldOf } from './testing.ts';
import { viewOf } from './world.ts';

const began = '2026-11-21T14:59:50Z';
const spec = {
  terminationGracePeriodSeconds: 5,
  containers: [{ name: 'web', livenessProbe: { periodSeconds: 2, failureThreshold: 3 } }],
};
const running = (restartCount = 0, startedAt = began) => ({
  phase: 'Running',
  containerStatuses: [{ name: 'web', restartCount, state: { running: { startedAt } } }],
});
function settling(status: object, about: (pod: KubeObject) => KubeObject[] = () => []) {
  const { deployment, all, pod } = deployed({ spec, status: { ...status } });
  const view = viewOf(worldOf(...all, ...about(pod)));
  return settlingOf(deployment, view).map(({ ms, why }) => `${why} ${ms}`);
}

it('trusts what runs since it was made', () => {
  expect(settling(running())).toEqual([]);
});

it('does not trust what went down, is down, or was replaced', () => {
  expect(settling(running(1))).toEqual(['one just restarted 20000']);
  const ended = { name: 'web', restartCount: 1, state: { terminated: { exitCode: 1 } } };
  expect(settling({ phase: 'Running', containerStatuses: [ended] })).toEqual([
    'one does not run Infinity',
  ]);
  expect(settling({ phase: 'Failed' })).toEqual(['one just failed 20000']);
});

it('waits until a liveness probe that fails has given up or recovered', () => {
  const failing = (pod: KubeObject) => [
    event(pod, 'Unhealthy', 'Liveness probe failed: no', { container: 'web' }),
  ];
  expect(settling(running(), failing)).toEqual(['a liveness probe just failed 8000']);
  expect(settling(running(0, '2026-11-21T15:00:01Z'), failing)).toEqual([]);
});

it('waits for the end of what is being ended', () => {
  const killing = (pod: KubeObject) => [
    event(pod, 'Killing', 'Container web failed liveness probe, will be restarted', {
      ...{ container: 'web', type: 'Normal' },
    }),
  ];
  expect(settling(running(), killing)).toEqual(['one is being restarted 25000']);
});

it('lets a Job be complete, whatever its tries were', () => {
  const job = live('Job', 'migrate');
  const failed = live('Pod', 'migrate-1', { owner: job, status: { phase: 'Failed' } });
  expect(settlingOf(job, viewOf(worldOf(job, failed)))).toEqual([]);
});
