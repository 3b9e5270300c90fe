import { randomBytes } from 'node:crypto';
import { systems } from '../../systems/bed.ts';
import { kubectl } from '../../systems/kubernetes.ts';
import { describeFaults, type Fault } from './fault.ts';
import { claim, shell, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

const soon = ['--ready-timeout', '20s'];
const mounted = {
  container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
};
const apart = (topologyKey: string) => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey, labelSelector: { matchLabels: { app: 'web' } } },
      ],
    },
  },
});

const tainted = `deploycheck.test/${randomBytes(4).toString('hex')}`;

/** Known to the scheduler, and to be had by nobody. */
async function taintedNode(): Promise<AsyncDisposable> {
  const name = `tainted-${randomBytes(4).toString('hex')}`;
  const node = {
    ...{ apiVersion: 'v1', kind: 'Node' },
    metadata: { name, labels: { [tainted]: 'true' } },
    spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] },
  };
  await kubectl(['create', '-f', '-'], JSON.stringify(node));
  const gone = ['delete', 'node', name, '--ignore-not-found'];
  return { [Symbol.asyncDispose]: async () => void (await kubectl(gone)) };
}

const faults: readonly Fault[] = [
  {
    name: 'a selector that no node has',
    release: (image) => [workload(image, 'web', { pod: { nodeSelector: { disk: 'fast' } } })],
    says: /^NO-GO {2}Deployment\/web: no node takes the pod: 0\/\d nodes are available.*selector.*; correct requests, selectors/,
  },
  {
    name: 'a taint that it does not tolerate',
    // A third node, which nothing runs on.
    release: (image) => [workload(image, 'web', { pod: { nodeSelector: { [tainted]: 'true' } } })],
    says: /^NO-GO {2}Deployment\/web: no node takes the pod: 0\/\d nodes are available: 1 node\(s\) had untolerated taint.*; correct requests, selectors and tolerations/,
    around: taintedNode,
  },
  {
    name: 'more cores than a node has',
    release: (image) => [
      workload(image, 'web', { container: { resources: { requests: { cpu: '500' } } } }),
    ],
    says: /^NO-GO {2}Deployment\/web: no node takes the pod: 0\/\d nodes are available: .*2 Insufficient cpu.*; correct requests/,
  },
  {
    name: 'pods that no two nodes are enough to keep apart',
    release: (image) => [
      workload(image, 'web', { spec: { replicas: 3 }, pod: apart('kubernetes.io/hostname') }),
    ],
    says: /^NO-GO {2}Deployment\/web: no node takes the pod: 0\/\d nodes are available: .*2 node\(s\) didn't match pod anti-affinity rules.*; correct requests/,
  },
  {
    name: 'a DaemonSet that asks for too much',
    release: (image) => [
      workload(image, 'agent', {
        kind: 'DaemonSet',
        container: { resources: { requests: { cpu: '500' } } },
      }),
    ],
    says: /^NO-GO {2}DaemonSet\/agent: no node takes the pod: 0\/\d nodes are available: 1 Insufficient cpu.*; correct requests/,
  },
  {
    name: 'a scheduler that does not exist',
    release: (image) => [workload(image, 'web', { pod: { schedulerName: 'other' } })],
    says: /^NO-GO {2}Deployment\/web: was not ready in time: the scheduler other has not looked at pod web-.*; look at its events/,
    ended: 'deadline',
    flags: soon,
  },
  {
    name: 'a claim of a class that does not exist',
    release: (image) => [claim('data', 'fast'), workload(image, 'web', mounted)],
    says: /^NO-GO {2}PersistentVolumeClaim\/data: a volume cannot be mounted: storageclass\.storage\.k8s\.io "fast" not found; look at its claim and class/,
  },
  {
    name: 'a claim of a StatefulSet of a class that does not exist',
    release: (image) => [
      workload(image, 'db', {
        kind: 'StatefulSet',
        container: mounted.container,
        spec: { volumeClaimTemplates: [claim('data', 'fast')] },
      }),
    ],
    says: /^NO-GO {2}StatefulSet\/db: a volume cannot be mounted: claim data-db-0: storageclass\.storage\.k8s\.io "fast" not found; look at its claim and class/,
  },
  {
    name: 'a claim that is nowhere',
    release: (image) => [workload(image, 'web', mounted)],
    says: /^NO-GO {2}Deployment\/web: a volume cannot be mounted: persistentvolumeclaim "data" not found; look at its claim/,
  },
  {
    name: 'more on the disk of the node than it may have',
    release: (image) => [
      workload(image, 'web', {
        container: {
          ...shell('dd if=/dev/zero of=/file bs=1M count=4; sleep 3600'),
          readinessProbe: { exec: { command: ['cat', '/ready'] }, periodSeconds: 1 },
          resources: { limits: { 'ephemeral-storage': '1Mi' } },
        },
        pod: { terminationGracePeriodSeconds: 1 },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web: failed: Evicted: (Container main exceeded its local ephemeral storage limit|Pod ephemeral local storage usage exceeds the total limit of containers) "?1Mi.*; its log is in the evidence/,
    ended: 'deadline',
    flags: ['--ready-timeout', '40s'],
  },
  {
    name: 'more in an empty folder than it may hold',
    release: (image) => [
      workload(image, 'web', {
        container: {
          ...shell('dd if=/dev/zero of=/cache/file bs=1M count=4; sleep 3600'),
          readinessProbe: { exec: { command: ['cat', '/ready'] }, periodSeconds: 1 },
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
        pod: {
          terminationGracePeriodSeconds: 1,
          volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Mi' } }],
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web: failed: Evicted: Usage of EmptyDir volume "cache" exceeds the limit "?1Mi.*; its log is in the evidence/,
    ended: 'deadline',
    flags: ['--ready-timeout', '95s'],
  },
];

describeFaults('a pod that finds no place is named', bed, faults);
