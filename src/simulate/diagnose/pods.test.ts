import { describe, expect, it } from 'vitest';
import { deployed, event, live } from '../testing.ts';
import { first } from './testing.ts';

const scheduled = { type: 'PodScheduled', status: 'True' };
const unscheduled = (message: string, reason = 'Unschedulable') => {
  return { conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] };
};
const ofPod = (spec: object, status: object) => {
  const { deployment, all } = deployed({ spec: { ...spec }, status: { ...status } });
  return first(deployment, ...all);
};
const onNode = (status: object, spec: object = {}) =>
  ofPod({ nodeName: 'node1', ...spec }, { phase: 'Pending', conditions: [scheduled], ...status });

describe('a pod that no node takes', () => {
  it('is told without what the scheduler tried in vain', () => {
    const said = '0/2 nodes are available: 2 Insufficient cpu';
    const tail = 'no new claims to deallocate, preemption: 0/2 nodes are available: x.';
    expect(ofPod({}, unscheduled(`${said}. ${tail}`))).toBe(`unschedulable/15000 -: ${said}`);
  });

  it('is told by its claim', () => {
    const lost = '0/2 nodes are available: persistentvolumeclaim "data" not found. not found';
    expect(ofPod({}, unscheduled(lost))).toBe(
      'volume/15000 -: persistentvolumeclaim "data" not found',
    );
    const unbound = '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const { deployment, all } = deployed({ spec: { volumes }, status: unscheduled(unbound) });
    const claim = live('PersistentVolumeClaim', 'data', { status: { phase: 'Pending' } });
    expect(first(deployment, ...all, claim)).toMatch(/^unschedulable\/15000/);
    const why = event(claim, 'ProvisioningFailed', 'storageclass "fast" not found');
    expect(first(deployment, ...all, claim, why)).toBe(
      'volume/5000 -: claim data: storageclass "fast" not found',
    );
    expect(first(claim, why)).toBe('volume/5000 -: storageclass "fast" not found');
    const slow = event(claim, 'ProvisioningFailed', 'the provisioner is busy');
    expect(first(claim, slow)).toBe('volume/Infinity -: the provisioner is busy');
  });
});

describe('a pod that nothing is known to be wrong with is told by how far it came', () => {
  it.each([
    [
      'no scheduler',
      ofPod({ schedulerName: 'other' }, {}),
      'the scheduler other has not looked at',
    ],
    ['gates', ofPod({}, unscheduled('gate x', 'SchedulingGated')), 'pod web-1-a: gate x'],
    ['no kubelet', onNode({}), 'the kubelet of node1 has not taken pod web-1-a'],
    [
      'a container being made',
      onNode({
        containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ContainerCreating' } } }],
      }),
      'container web of pod web-1-a on node1: ContainerCreating',
    ],
    [
      'an init container that goes on',
      onNode(
        { initContainerStatuses: [{ name: 'prepare', started: true, state: { running: {} } }] },
        { initContainers: [{ name: 'prepare' }] },
      ),
      'the init container prepare of pod web-1-a still runs',
    ],
    [
      'a readiness gate',
      onNode({
        phase: 'Running',
        containerStatuses: [{ name: 'web', ready: true, state: { running: {} } }],
        conditions: [
          scheduled,
          { type: 'Ready', status: 'False', message: 'gate "x" is not true' },
        ],
      }),
      'pod web-1-a: gate "x" is not true',
    ],
  ])('%s', (_, said, expected) => {
    expect(said).toContain('not-ready/Infinity -: ');
    expect(said).toContain(expected);
  });

  it('and a sidecar is not an init container that goes on', () => {
    const initContainers = [{ name: 'proxy', restartPolicy: 'Always' }];
    const running = [{ name: 'proxy', started: true, state: { running: {} } }];
    expect(onNode({ initContainerStatuses: running }, { initContainers })).not.toContain('proxy');
  });
});

it('tells of a pod that was evicted before the one in its place', () => {
  const { deployment, replicaSet } = deployed({});
  const evicted = live('Pod', 'web-1-a', {
    owner: replicaSet,
    spec: { containers: [{ name: 'web' }] },
    status: {
      ...{ phase: 'Failed', reason: 'Evicted', message: 'Usage exceeds the limit' },
      containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 137 } } }],
    },
  });
  const probe = { exec: { command: ['false'] } };
  const next = live('Pod', 'web-1-b', {
    owner: replicaSet,
    spec: { containers: [{ name: 'web', readinessProbe: probe }] },
    status: { containerStatuses: [{ name: 'web', state: { running: {} }, ready: false }] },
  });
  expect(first(deployment, replicaSet, next, evicted)).toBe(
    'pod-failed/Infinity -: Evicted: Usage exceeds the limit',
  );
});
