import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systems } from '../../systems/bed.ts';
import {
  createNamespace,
  kubectl,
  type TestNamespace,
  testImage,
} from '../../systems/kubernetes.ts';
import { bench, firstLine, job, namespaceExists, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

interface Fault {
  readonly name: string;
  readonly release: (image: string) => readonly object[];
  readonly says: RegExp;
  /** `deadline` for what could still heal. */
  readonly ended?: 'deadline' | 'not-started';
  readonly limits?: object;
  readonly flags?: readonly string[];
}

const shell = (script: string) => ({ command: ['sh', '-c', script] });

const faults: readonly Fault[] = [
  {
    name: 'an image that does not exist',
    release: (image) => [workload(image.replace(/@.*/, ':never-pushed'), 'web')],
    says: /^NO-GO {2}Deployment\/web, container main: the image does not exist: .*:never-pushed: not found; push it/,
  },
  {
    name: 'a crash loop, with its last line',
    release: (image) => [workload(image, 'web', { container: shell('echo no config; exit 3') })],
    says: /^NO-GO {2}Deployment\/web, container main: crashes again and again: ended 3 times, last with exit code 3; its last line: no config;/,
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
    release: (image) => [
      workload(image, 'web', {
        container: {
          ...shell('x=a; while :; do x=$x$x; done'),
          resources: { limits: { memory: '16Mi' } },
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: killed for want of memory at its limit of 16Mi/,
  },
  {
    name: 'a readiness probe that never succeeds',
    release: (image) => [
      workload(image, 'web', {
        container: { readinessProbe: { exec: { command: ['cat', '/ready'] }, periodSeconds: 1 } },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: readiness probe exec cat \/ready every 1 s, .*: .*can't open/,
    ended: 'deadline',
    flags: ['--ready-timeout', '15s'],
  },
  {
    name: 'a selector that no node has',
    release: (image) => [workload(image, 'web', { pod: { nodeSelector: { disk: 'fast' } } })],
    says: /^NO-GO {2}Deployment\/web: no node takes the pod: 0\/2 nodes are available/,
  },
  {
    name: 'a quota that the pods do not fit in',
    release: (image) => [
      workload(image, 'web', { container: { resources: { requests: { memory: '64Mi' } } } }),
    ],
    says: /^NO-GO {2}Deployment\/web: the quota of the namespace refuses its pods: exceeded quota: small/,
    limits: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { 'requests.memory': '32Mi' } },
    },
  },
  {
    name: 'a pod that Pod Security forbids',
    release: (image) => [
      workload(image, 'web', { container: { securityContext: { privileged: true } } }),
    ],
    says: /^NO-GO {2}Deployment\/web: Pod Security refuses its pods: violates PodSecurity "baseline:latest"/,
  },
  {
    name: 'a key that the ConfigMap does not have',
    release: (image) => [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } },
      workload(image, 'web', {
        container: {
          env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'port' } } }],
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: something it is configured with is missing: couldn't find key port in ConfigMap settings/,
  },
  {
    name: 'a Job that fails',
    release: (image) => [job(image, 'migrate', ['sh', '-c', 'echo no table; exit 4'])],
    says: /^NO-GO {2}Job\/migrate, container main: the Job failed: BackoffLimitExceeded.*exit code 4; its last line: no table/,
  },
  {
    name: 'a Secret that nobody gave',
    release: (image) => [
      workload(image, 'web', {
        container: {
          env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } }],
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web: needs the Secret keys \(token\), which the release does not bring and the target namespace does not have;/,
    ended: 'not-started',
  },
  {
    name: 'a field that does not exist',
    release: (image) => [workload(image, 'web', { spec: { replica: 2 } })],
    says: /^NO-GO {2}Deployment\/web: refused by the API server .*\.spec\.replica: field not declared in schema/,
    ended: 'not-started',
  },
];

describe.skipIf(!bed)('a release that cannot run', () => {
  let image: string;
  let target: TestNamespace;

  beforeAll(async () => {
    if (!bed) return;
    image = await testImage(bed('DEPLOYCHECK_TEST_REGISTRY'));
    target = await createNamespace('target');
    const label = 'pod-security.kubernetes.io/enforce=baseline';
    await kubectl(['label', 'namespace', target.name, label]);
  });
  afterAll(() => target?.[Symbol.asyncDispose]());

  it.concurrent.each(faults)('is named: $name', { timeout: 240_000 }, async (fault) => {
    if (!bed) return;
    await using own = await bench(bed);
    await using other = fault.limits ? await createNamespace('target') : undefined;
    if (other) {
      await kubectl(['--namespace', other.name, 'apply', '-f', '-'], JSON.stringify(fault.limits));
    }
    await own.manifests(...fault.release(image));
    const namespace = other?.name ?? target.name;
    const flags = ['--namespace', namespace, '--soak', '1s', ...(fault.flags ?? [])];
    const result = await own.run('simulate', 'release.json', ...flags);

    expect(firstLine(result), result.stderr).toMatch(fault.says);
    expect(result.exitCode).toBe(1);
    const { record, simulation } = await own.kept();
    expect(simulation.ended).toBe(fault.ended ?? 'doomed');
    expect(simulation.removal?.state).toBe('removed');
    expect(record.findings.map(({ check }) => check)).not.toContain('simulation/untouched');
    expect(await namespaceExists(simulation.sandbox?.name ?? '')).toBe(false);
  });

  it.concurrent('is not a release that restarts once and heals', { timeout: 240_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const script = 'test -e /state/seen || { touch /state/seen; exit 1; }; exec sleep 3600';
    const volumeMounts = [{ name: 'state', mountPath: '/state' }];
    await own.manifests(
      workload(image, 'web', {
        container: { ...shell(script), volumeMounts },
        pod: { volumes: [{ name: 'state', emptyDir: {} }] },
      }),
    );
    const result = await own.run(
      'simulate',
      'release.json',
      '--namespace',
      target.name,
      '--soak',
      '1s',
    );
    expect(firstLine(result), result.stderr).toMatch(
      /^GO {2}Deployment\/web 1 of 1 pods available/,
    );
    expect(result.exitCode).toBe(0);
    const { record } = await own.kept();
    expect(record.findings.map(({ message }) => message)).toEqual([
      'Deployment/web, container main: restarted once, last Error, exit code 1',
    ]);
  });
});
