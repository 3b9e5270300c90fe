import { expect } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { describeFaults, type Fault } from './fault.ts';
import { claim, job, type Kept, shell, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

/** Fails the first time, and not the second. */
const second = (then: string) => ({
  container: {
    ...shell(`test -e /state/seen || { touch /state/seen; exit 1; }; ${then}`),
    volumeMounts: [{ name: 'state', mountPath: '/state' }],
  },
  pod: { volumes: [{ name: 'state', emptyDir: {} }] },
});
const asks = (file: string, more: object = {}) => {
  return { exec: { command: ['cat', file] }, periodSeconds: 1, ...more };
};
const readyAfter = ({ simulation }: Kept): number[] =>
  simulation.workloads.map(({ readyAfterMs }) => readyAfterMs ?? 0);

const faults: readonly Fault[] = [
  {
    name: 'a container that restarts once',
    release: (image) => [workload(image, 'web', second('exec sleep 3600'))],
    says: /^GO {2}Deployment\/web 1 of 1 pods available/,
    also({ record }) {
      expect(record.findings.map(({ message }) => message)).toEqual([
        'Deployment/web, container main: restarted once, last Error, exit code 1',
      ]);
    },
  },
  {
    name: 'a Job whose first try fails',
    release: (image) => {
      const { container, pod } = second('true');
      return [
        job(image, 'migrate', container.command, {
          container,
          pod: { ...pod, restartPolicy: 'OnFailure' },
          spec: { backoffLimit: 2 },
        }),
      ];
    },
    says: /^GO {2}Job\/migrate complete/,
  },
  {
    name: 'a slow start',
    release: (image) => [
      workload(image, 'web', {
        container: {
          ...shell('sleep 15; touch /ready; sleep 3600'),
          readinessProbe: asks('/ready'),
        },
      }),
    ],
    says: /^GO {2}Deployment\/web 1 of 1 pods available after [12]\d\.\d s/,
    also: (kept) => expect(readyAfter(kept)[0]).toBeGreaterThan(15_000),
  },
  {
    name: 'a readiness that comes and goes',
    release: (image) => [
      workload(image, 'web', {
        container: {
          ...shell('touch /ready; sleep 3; rm /ready; sleep 8; touch /ready; sleep 3600'),
          readinessProbe: asks('/ready', { failureThreshold: 1 }),
        },
      }),
    ],
    flags: ['--soak', '6s'],
    says: /^GO {2}Deployment\/web 1 of 1 pods available/,
  },
  {
    name: 'a liveness that fails less often than it may',
    release: (image) => [
      workload(image, 'web', {
        container: {
          ...shell('sleep 2; touch /alive; sleep 3600'),
          livenessProbe: asks('/alive', { failureThreshold: 6 }),
        },
      }),
    ],
    says: /^GO {2}Deployment\/web 1 of 1 pods available/,
  },
  {
    name: 'a sidecar that goes on, after an init container that takes its time',
    release: (image) => [
      workload(image, 'web', {
        pod: {
          initContainers: [
            { name: 'prepare', image, ...shell('sleep 6') },
            { name: 'proxy', image, restartPolicy: 'Always', command: ['sleep', '3600'] },
          ],
        },
      }),
    ],
    says: /^GO {2}Deployment\/web 1 of 1 pods available/,
  },
  {
    name: 'pods that have to be ready for a while',
    release: (image) => [
      workload(image, 'web', { spec: { minReadySeconds: 6 } }),
      workload(image, 'db', { kind: 'StatefulSet', spec: { minReadySeconds: 6 } }),
    ],
    says: /^GO {2}Deployment\/web 1 of 1 pods available, StatefulSet\/db 1 of 1 pods ready/,
    also: (kept) => expect(Math.min(...readyAfter(kept))).toBeGreaterThan(6000),
  },
  {
    name: 'claims that are bound when a pod comes, or never does',
    release: (image) => [
      claim('data'),
      claim('later'),
      workload(image, 'web', {
        container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
        pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
      }),
    ],
    says: /^GO {2}PersistentVolumeClaim\/data bound, PersistentVolumeClaim\/later is bound when a pod first uses it, Deployment\/web 1 of 1/,
  },
];

describeFaults(
  'what heals by itself fails nothing',
  bed,
  faults.map((fault) => ({ ...fault, ended: 'ready', exitCode: 0 })),
);
