import { expect, it } from 'vitest';
import type { KubeObject } from '../adapters/kube/kube.ts';
import { assess } from './assess.ts';
import type { ObjectId } from './observation.ts';
import { deployed, live, worldOf } from './testing.ts';
import { waitFor } from './wait.ts';
import type { LiveWorld } from './world.ts';

const id = (name: string): ObjectId => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: null, name, file: null, line: null },
});
const deployment = (available: number) => {
  const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1 };
  return live('Deployment', 'web', {
    spec: {},
    status: { ...status, availableReplicas: available },
  });
};

/** A world that changes as told, at a time as told. */
function told(...states: readonly (readonly [number, ...KubeObject[]])[]) {
  let at = 0;
  let refreshed = 0;
  const world: LiveWorld = {
    current: () => {
      const [, ...objects] = states[at] ?? [0];
      return worldOf(...objects);
    },
    async changed() {
      if (at + 1 >= states.length) return new Promise(() => undefined);
      await null;
      at += 1;
    },
    async refresh() {
      refreshed += 1;
    },
    lastEnd: () => undefined,
    async [Symbol.asyncDispose]() {},
  };
  const clock = { now: () => new Date(0), monotonic: () => states[at]?.[0] ?? 0 };
  return { world, clock, refreshed: () => refreshed };
}

const request = ({ world, clock }: ReturnType<typeof told>, steadyMs = 0) => ({
  awaited: [{ id: id('web'), accepted: deployment(0) }],
  ...{ world, clock, steadyMs, deadlineMs: 1000, onState: () => undefined },
  signal: new AbortController().signal,
});

it('ends when everything is ready, with the time it took', async () => {
  const seen = told([0, deployment(0)], [400, deployment(1)]);
  const { ended, readyAfterMs } = await waitFor(request(seen));
  expect([ended, [...readyAfterMs.values()]]).toEqual(['ready', [400]]);
});

it('lists anew before it says that the time is over', async () => {
  const seen = told([0, deployment(0)], [1000, deployment(0)]);
  expect((await waitFor(request(seen))).ended).toBe('deadline');
  expect(seen.refreshed()).toBe(1);
});

it('goes on for as long as it is to stay ready, and sees what breaks', async () => {
  const seen = told([0, deployment(1)], [300, deployment(0)], [600, deployment(1)]);
  expect((await waitFor(request(seen, 500))).ended).toBe('ready');
  const crashed = {
    containerStatuses: [
      {
        name: 'web',
        restartCount: 3,
        state: { waiting: {} },
        lastState: { terminated: { exitCode: 1 } },
      },
    ],
  };
  const { deployment: broken, replicaSet, pod } = deployed({ spec: {}, status: crashed });
  const breaks = told([0, deployment(1)], [300, broken, replicaSet, pod]);
  const result = await waitFor(request(breaks, 500));
  expect([result.ended, result.workloads[0]?.cause?.reason]).toEqual(['doomed', 'crash-loop']);
});

it('ends with the reason of the signal', async () => {
  const seen = told([0, deployment(0)]);
  const controller = new AbortController();
  const waiting = waitFor({ ...request(seen), signal: controller.signal });
  controller.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
});

it('counts the grace of a signal from when it was first seen', () => {
  const status = {
    phase: 'Pending',
    containerStatuses: [
      {
        name: 'web',
        state: {
          waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' },
        },
      },
    ],
  };
  const { deployment: own, all } = deployed({ spec: {}, status });
  const awaited = [{ id: id('web'), accepted: own }];
  const first = assess(worldOf(...all), awaited, new Map(), 100);
  expect([first.workloads[0]?.state, first.nextMs]).toEqual(['waiting', 5100]);
  const later = assess(worldOf(...all), awaited, first.since, 5100);
  expect(later.workloads[0]).toMatchObject({
    state: 'failed',
    cause: { reason: 'config-missing' },
  });
  const healed = assess(worldOf(deployment(1)), awaited, first.since, 3000);
  expect([healed.workloads[0]?.state, healed.since.size]).toEqual(['ready', 0]);
  const again = assess(worldOf(...all), awaited, healed.since, 5100);
  expect(again.workloads[0]?.state).toBe('waiting');
});

it('trusts a container that went down only after a while', () => {
  const status = {
    containerStatuses: [{ name: 'web', restartCount: 1, state: { running: {} }, ready: true }],
  };
  const { replicaSet, pod } = deployed({ spec: {}, status });
  const awaited = [{ id: id('web'), accepted: deployment(1) }];
  const world = worldOf(deployment(1), replicaSet, pod);
  const first = assess(world, awaited, new Map(), 0);
  expect(first.workloads[0]?.state).toBe('waiting');
  expect(assess(world, awaited, first.since, first.nextMs ?? 0).workloads[0]?.state).toBe('ready');
});
