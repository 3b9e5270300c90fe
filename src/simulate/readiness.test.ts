import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../adapters/kube/kube.ts';
import { isAwaited, standingOf } from './readiness.ts';
import { event, live, worldOf } from './testing.ts';
import { viewOf } from './world.ts';

const stateOf = (object: KubeObject, ...others: readonly KubeObject[]) =>
  standingOf(object, viewOf(worldOf(object, ...others))).state;

const deployment = (status: object, spec: object = {}) =>
  live('Deployment', 'web', {
    spec: { replicas: 2, ...spec },
    status: { observedGeneration: 1, ...status },
  });
const all = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe('a Deployment', () => {
  it.each([
    ['not looked at yet', { observedGeneration: 0, ...all }, 'waiting'],
    ['pods missing', { ...all, updatedReplicas: 1 }, 'waiting'],
    ['old pods left', { ...all, replicas: 3 }, 'waiting'],
    ['not available', { ...all, availableReplicas: 1 }, 'waiting'],
    ['all available', all, 'ready'],
  ])('%s', (_, status, state) => {
    expect(stateOf(deployment(status))).toBe(state);
  });

  it('past its progress deadline has failed', () => {
    const conditions = [
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'x' },
    ];
    expect(stateOf(deployment({ ...all, conditions }))).toBe('failed');
  });

  it('of no replicas is ready, a paused one is not', () => {
    expect(stateOf(deployment({}, { replicas: 0 }))).toBe('ready');
    expect(stateOf(deployment({}, { paused: true }))).toBe('suspended');
  });
});

describe('a StatefulSet', () => {
  const set = (status: object, spec: object = {}) =>
    live('StatefulSet', 'db', {
      spec: { replicas: 3, ...spec },
      status: { observedGeneration: 1, currentRevision: 'a', updateRevision: 'a', ...status },
    });
  const rolling = (partition: number) => ({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
  });

  it('waits for every pod', () => {
    expect(stateOf(set({ readyReplicas: 2 }))).toBe('waiting');
    expect(stateOf(set({ readyReplicas: 3 }))).toBe('ready');
  });

  it('follows its update strategy', () => {
    const half = { readyReplicas: 3, updateRevision: 'b', updatedReplicas: 1 };
    expect(stateOf(set(half))).toBe('waiting');
    expect(stateOf(set(half, rolling(2)))).toBe('ready');
    expect(stateOf(set(half, rolling(1)))).toBe('waiting');
    expect(stateOf(set(half, { updateStrategy: { type: 'OnDelete' } }))).toBe('ready');
  });

  it('counts available pods when it asks for a time', () => {
    const status = { readyReplicas: 3, availableReplicas: 2 };
    expect(stateOf(set(status, { minReadySeconds: 5 }))).toBe('waiting');
  });
});

it('waits for a DaemonSet on every node that it is for', () => {
  const set = (status: object) =>
    live('DaemonSet', 'agent', { spec: {}, status: { observedGeneration: 1, ...status } });
  const two = { desiredNumberScheduled: 2, updatedNumberScheduled: 2 };
  expect(stateOf(set({ ...two, numberAvailable: 1 }))).toBe('waiting');
  expect(stateOf(set({ ...two, numberAvailable: 2 }))).toBe('ready');
  expect(stateOf(set({ desiredNumberScheduled: 0 }))).toBe('ready');
  expect(stateOf(live('DaemonSet', 'agent', { spec: {}, status: {} }))).toBe('waiting');
});

it('waits for a Job to complete', () => {
  const job = (spec: object, ...conditions: string[]) =>
    live('Job', 'migrate', {
      spec: { ...spec },
      status: { conditions: conditions.map((type) => ({ type, status: 'True' })) },
    });
  expect(stateOf(job({}))).toBe('waiting');
  expect(stateOf(job({}, 'Complete'))).toBe('ready');
  expect(stateOf(job({}, 'Failed'))).toBe('failed');
  expect(stateOf(job({}, 'FailureTarget'))).toBe('failed');
  expect(stateOf(job({ suspend: true }))).toBe('suspended');
});

it('takes a pod by its Ready condition, which has the readiness gates in it', () => {
  const pod = (phase: string, ready?: string) =>
    live('Pod', 'one', {
      status: { phase, conditions: ready ? [{ type: 'Ready', status: ready }] : [] },
    });
  expect(stateOf(pod('Running', 'True'))).toBe('ready');
  expect(stateOf(pod('Running', 'False'))).toBe('waiting');
  expect(stateOf(pod('Succeeded'))).toBe('ready');
  expect(stateOf(pod('Failed'))).toBe('failed');
});

describe('a claim', () => {
  const claim = (phase: string) =>
    live('PersistentVolumeClaim', 'data', { spec: {}, status: { phase } });
  const late = event(claim('Pending'), 'WaitForFirstConsumer', 'waiting', { type: 'Normal' });
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];

  it('is ready when bound, and has failed when its volume is lost', () => {
    expect(stateOf(claim('Bound'))).toBe('ready');
    expect(stateOf(claim('Lost'))).toBe('failed');
    expect(stateOf(claim('Pending'))).toBe('waiting');
  });

  it('that waits for its first consumer blocks nothing until a pod wants it', () => {
    expect(stateOf(claim('Pending'), late)).toBe('ready');
    expect(stateOf(claim('Pending'), late, live('Pod', 'one', { spec: { volumes } }))).toBe(
      'waiting',
    );
  });
});

it('waits for what has a rule, and knows what it does not know', () => {
  const custom = { ...live('Deployment', 'x'), apiVersion: 'apps.example.com/v1' };
  expect(stateOf(custom)).toBe('unknown');
  expect(isAwaited(custom)).toBe(true);
  expect(isAwaited(live('ConfigMap', 'x'))).toBe(false);
  const policy = { ...live('NetworkPolicy', 'x'), apiVersion: 'networking.k8s.io/v1' };
  expect(isAwaited(policy)).toBe(false);
  expect(stateOf(live('CronJob', 'x'))).toBe('ready');
});
