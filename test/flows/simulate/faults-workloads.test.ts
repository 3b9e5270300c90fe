import { systems } from '../../systems/bed.ts';
import { describeFaults, type Fault } from './fault.ts';
import { job, shell, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

const never = { readinessProbe: { exec: { command: ['cat', '/ready'] }, periodSeconds: 1 } };

const faults: readonly Fault[] = [
  {
    name: 'a Job that fails',
    release: (image) => [job(image, 'migrate', shell('echo no table; exit 4').command)],
    says: /^NO-GO {2}Job\/migrate, container main: the Job failed: BackoffLimitExceeded.*exit code 4; its last line: no table; its log is in the evidence/,
  },
  {
    name: 'a Job that fails as often as it may',
    release: (image) => [
      job(image, 'migrate', shell('echo no table; exit 4').command, { spec: { backoffLimit: 1 } }),
    ],
    says: /^NO-GO {2}Job\/migrate, container main: the Job failed: BackoffLimitExceeded.*exit code 4; its last line: no table/,
  },
  {
    name: 'a Job that takes longer than it may',
    release: (image) => [
      job(image, 'migrate', shell('echo row 1 of 9; sleep 3600 & wait').command, {
        spec: { activeDeadlineSeconds: 5 },
        pod: { terminationGracePeriodSeconds: 2 },
      }),
    ],
    says: /^NO-GO {2}Job\/migrate, container main: the Job failed: DeadlineExceeded: Job was active longer than specified deadline; its last line: row 1 of 9; its log is in the evidence/,
  },
  {
    name: 'a StatefulSet that does not come past its first pod',
    release: (image) => [
      workload(image, 'db', { kind: 'StatefulSet', spec: { replicas: 3 }, container: never }),
    ],
    says: /^NO-GO {2}StatefulSet\/db, container main: readiness probe exec cat \/ready .*can't open.*; correct the probe/,
    ended: 'deadline',
    flags: ['--ready-timeout', '15s'],
  },
  {
    name: 'a Deployment that makes no progress for as long as it may',
    release: (image) => [
      workload(image, 'web', { spec: { progressDeadlineSeconds: 5 }, container: never }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: readiness probe exec cat \/ready .*can't open.*; correct the probe/,
  },
  {
    name: 'a pod that fails',
    release: (image) => [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'once' },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'main', image, ...shell('echo no; exit 6') }],
        },
      },
    ],
    says: /^NO-GO {2}Pod\/once, container main: failed: ended once, last with exit code 6; its last line: no; its log is in the evidence/,
  },
  {
    name: 'a Deployment that is paused',
    release: (image) => [workload(image, 'web', { spec: { paused: true } })],
    says: /^PENDING {2}Deployment\/web: spec\.paused is true, so nothing is rolled out/,
    ended: 'ready',
    exitCode: 3,
  },
  {
    name: 'a Job that is suspended',
    release: (image) => [job(image, 'migrate', ['true'], { spec: { suspend: true } })],
    says: /^PENDING {2}Job\/migrate: spec\.suspend is true, so it does not run/,
    ended: 'ready',
    exitCode: 3,
  },
];

describeFaults('a workload that gives up is named', bed, faults);
