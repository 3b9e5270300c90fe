import { expect } from 'vitest';
import { listAt, stringAt } from '../../../src/validators/manifest/read.ts';
import { systems } from '../../systems/bed.ts';
import { decidedMs, describeFaults, type Fault } from './fault.ts';
import { shell, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

const little = { resources: { limits: { memory: '16Mi' } } };
const hungry = { ...shell('x=a; while :; do x=$x$x; done'), ...little };
const never = { exec: { command: ['cat', '/ready'] }, periodSeconds: 1 };
const soon = ['--ready-timeout', '15s'];

const faults: readonly Fault[] = [
  {
    name: 'a crash loop, with its last line',
    release: (image) => [workload(image, 'web', { container: shell('echo no config; exit 3') })],
    says: /^NO-GO {2}Deployment\/web, container main: crashes again and again: ended 3 times, last with exit code 3; its last line: no config; its log is in the evidence/,
    async also(kept) {
      const [pod] = (await kept.objects()).filter(({ kind }) => kind === 'Pod');
      const [status] = listAt(pod, 'status', 'containerStatuses');
      const third =
        stringAt(status, 'state', 'terminated', 'finishedAt') ??
        stringAt(status, 'lastState', 'terminated', 'finishedAt');
      expect(decidedMs(kept) - Date.parse(third ?? '')).toBeLessThan(30_000);
    },
  },
  {
    name: 'a container that ends with success although it is to run',
    release: (image) => [workload(image, 'web', { container: shell('echo done') })],
    says: /^NO-GO {2}Deployment\/web, container main: crashes again and again: ended 3 times, last with exit code 0; its last line: done/,
  },
  {
    name: 'a crash in an init container of a StatefulSet',
    release: (image) => [
      workload(image, 'db', {
        kind: 'StatefulSet',
        pod: { initContainers: [{ name: 'prepare', image, ...shell('echo no disk; exit 5') }] },
      }),
    ],
    says: /^NO-GO {2}StatefulSet\/db, container prepare: crashes again and again: .*exit code 5; its last line: no disk/,
  },
  {
    name: 'too little memory',
    release: (image) => [workload(image, 'web', { container: hungry })],
    says: /^NO-GO {2}Deployment\/web, container main: killed for want of memory at its limit of 16Mi.*; raise resources\.limits\.memory/,
  },
  {
    name: 'too little memory for an init container',
    release: (image) => [
      workload(image, 'web', { pod: { initContainers: [{ name: 'prepare', image, ...hungry }] } }),
    ],
    says: /^NO-GO {2}Deployment\/web, container prepare: killed for want of memory at its limit of 16Mi.*; raise resources\.limits\.memory/,
  },
  {
    name: 'a readiness probe that never succeeds',
    release: (image) => [workload(image, 'web', { container: { readinessProbe: never } })],
    says: /^NO-GO {2}Deployment\/web, container main: readiness probe exec cat \/ready every 1 s, .*: .*can't open.*; correct the probe/,
    ended: 'deadline',
    flags: soon,
  },
  {
    name: 'a liveness probe that ends it again and again',
    release: (image) => [
      workload(image, 'web', {
        container: { livenessProbe: { ...never, failureThreshold: 1 } },
        pod: { terminationGracePeriodSeconds: 1 },
      }),
    ],
    flags: ['--soak', '5s'],
    says: /^NO-GO {2}Deployment\/web, container main: liveness probe exec cat \/ready every 1 s, .*1 failure allowed: .*can't open.*; correct the probe/,
  },
  {
    name: 'a startup probe that never succeeds',
    release: (image) => [
      workload(image, 'web', {
        container: {
          startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 2 },
        },
        pod: { terminationGracePeriodSeconds: 1 },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: startup probe TCP :8080 every 1 s, .*2 failures allowed: .*connection refused; correct the probe/,
  },
  {
    name: 'a sidecar that never starts, so that nothing else does',
    release: (image) => [
      workload(image, 'web', {
        pod: {
          initContainers: [
            {
              ...{ name: 'proxy', image, restartPolicy: 'Always', command: ['sleep', '3600'] },
              startupProbe: { ...never, failureThreshold: 60 },
            },
          ],
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container proxy: startup probe exec cat \/ready .*can't open.*; correct the probe/,
    ended: 'deadline',
    flags: soon,
  },
  {
    name: 'an init container that does not end',
    release: (image) => [
      workload(image, 'web', {
        pod: {
          initContainers: [{ name: 'prepare', image, ...shell('echo waiting for db; sleep 3600') }],
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web.*: was not ready in time: the init container prepare of pod web-\S+ still runs; look at its events/,
    ended: 'deadline',
    flags: soon,
  },
  {
    name: 'a readiness gate that nobody opens',
    release: (image) => [
      workload(image, 'web', { pod: { readinessGates: [{ conditionType: 'example.com/gate' }] } }),
    ],
    says: /^NO-GO {2}Deployment\/web: was not ready in time: pod web-\S+: .*readiness gate "example\.com\/gate".*; look at its events/,
    ended: 'deadline',
    flags: soon,
  },
  {
    name: 'a command that is not in the image',
    release: (image) => [workload(image, 'web', { container: { command: ['serve'] } })],
    says: /^NO-GO {2}Deployment\/web, container main: its command cannot be started: exec: "serve": executable file not found in \$PATH.*; correct command and args/,
  },
  {
    name: 'a command that may not be executed',
    release: (image) => [workload(image, 'web', { container: { command: ['/etc'] } })],
    says: /^NO-GO {2}Deployment\/web, container main: its command cannot be started: exec: "\/etc": (permission denied|is a directory)[^;]*; correct command and args/,
  },
  {
    name: 'a working directory that is none',
    release: (image) => [workload(image, 'web', { container: { workingDir: '/bin/sh' } })],
    says: /^NO-GO {2}Deployment\/web, container main: the container cannot be made: mkdir \/bin\/sh: not a directory; correct its specification/,
  },
  {
    name: 'a hook after the start that fails',
    release: (image) => [
      workload(image, 'web', {
        container: { lifecycle: { postStart: { exec: { command: ['cat', '/missing'] } } } },
        pod: { terminationGracePeriodSeconds: 1 },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: crashes again and again: ended 3 times, each time by its postStart hook, which fails: exec cat \/missing.*; its log is in the evidence/,
  },
  {
    name: 'a user that the container may not be',
    release: (image) => [
      workload(image, 'web', { container: { securityContext: { runAsNonRoot: true } } }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: the container cannot be made: container has runAsNonRoot and image will run as root; correct its specification/,
  },
];

describeFaults('a container that cannot run is named', bed, faults);
