import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, stringAt } from '../../../src/validators/manifest/read.ts';
import type { Looked } from '../../../src/validators/runtime/observation.ts';
import { systems } from '../../systems/bed.ts';
import { pushTestImage } from '../../systems/images.ts';
import { createNamespace, type TestNamespace, testImage } from '../../systems/kubernetes.ts';
import { type Bench, bench, firstLine, job, shell, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

const long = { timeout: 300_000 };

/** Ends on SIGTERM, as a shell does that waits. */
const obedient = 'trap "exit 0" TERM; sleep 3600 & wait';

const tight = {
  securityContext: {
    ...{ runAsUser: 10001, runAsNonRoot: true, readOnlyRootFilesystem: true },
    ...{ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  },
  resources: { limits: { memory: '64Mi', cpu: '500m' } },
};

describe.skipIf(!bed)('what is looked into', () => {
  let image: string;
  let target: TestNamespace;

  beforeAll(async () => {
    if (!bed) return;
    image = await testImage(bed('DEPLOYCHECK_TEST_REGISTRY'));
    target = await createNamespace('target');
  });
  afterAll(() => target?.[Symbol.asyncDispose]());

  const inspected = async (own: Bench, ...more: string[]) => {
    const result = await own.run(
      ...['simulate', 'release.json', '--namespace', target.name, '--soak', '1s', '--inspect'],
      ...more,
    );
    const { record, simulation } = await own.kept();
    expect(simulation.removal?.state, result.stderr).toBe('removed');
    const findings = record.findings.filter(({ check }) => check.startsWith('runtime/'));
    return { result, record, simulation, said: findings.map((f) => `${f.check} ${f.messageId}`) };
  };
  const seenOf = <T>(looked: Looked<T> | undefined): T => {
    if (looked && 'seen' in looked) return looked.seen;
    throw new Error(`nobody could look: ${looked?.why}`);
  };

  it('passes a container that asks for everything it can do without', long, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const env = [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'URL', value: 'http://$(POD)/' },
      { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'web', key: 'mode' } } },
      { name: 'NOT', valueFrom: { configMapKeyRef: { name: 'web', key: 'no', optional: true } } },
    ];
    const configuration = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
      data: { mode: 'fast', 'not.a.name': 'x' },
    };
    const envFrom = [{ configMapRef: { name: 'web' }, prefix: 'WEB_' }];
    await own.manifests(
      configuration,
      workload(image, 'web', {
        container: { ...tight, ...shell(obedient), env, envFrom },
        pod: { automountServiceAccountToken: false },
      }),
    );
    const { result, simulation, said } = await inspected(own);
    expect(firstLine(result), result.stderr).toMatch(/^GO/);
    expect(said).toEqual([]);
    const [container] = simulation.containers;
    expect(container?.label).toBe('Deployment/web, container main');
    expect(seenOf(container?.process)).toMatchObject({
      ...{ uid: 10001, capabilities: [], noNewPrivileges: true, readOnlyRoot: true },
    });
    expect(seenOf(container?.limits)).toEqual({
      memory: { declared: 67_108_864, inForce: 67_108_864 },
      cpu: { declared: 0.5, inForce: 0.5 },
    });
    expect(seenOf(container?.environment)).toEqual({ declared: 5, missing: [], different: [] });
    expect(seenOf(container?.stop)).toMatchObject({ exitCode: 0, killed: false });
    expect(container?.trials).toEqual([]);
    expect(simulation.workloads[0]?.state).toBe('ready');
  });

  it('names what runs as root, ignores SIGTERM and loses its variables', long, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const lost = { name: 'LOG_LEVEL', value: 'debug' };
    await own.manifests(
      workload(image, 'web', {
        container: {
          // The first process ignores signals that it does not handle (pid_namespaces(7)).
          command: ['busybox', 'env', '-i', 'busybox', 'sh', '-c', 'sleep 3600; true'],
          env: [lost],
        },
        pod: { terminationGracePeriodSeconds: 2 },
      }),
    );
    const { result, simulation, said } = await inspected(own);
    expect(result.exitCode).toBe(1);
    expect(firstLine(result)).toMatch(/^NO-GO {2}Deployment\/web, container main: /);
    expect(new Set(said)).toEqual(
      new Set([
        'runtime/non-root root',
        'runtime/environment missing',
        'runtime/stop killed',
        'runtime/limits no-memory-limit',
        'runtime/read-only-root unused',
        'runtime/capabilities unused',
        'runtime/no-new-privileges unused',
        'runtime/token unused',
      ]),
    );
    const [container] = simulation.containers;
    expect(seenOf(container?.stop)).toMatchObject({ exitCode: 137, killed: true });
    expect(JSON.stringify(container)).not.toContain('debug');
  });

  it('finds out by trying which setting a program cannot bear', long, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const script = `echo started > /started || exit 3; ${obedient}`;
    await own.manifests(workload(image, 'web', { container: shell(script) }));
    const { simulation, record } = await inspected(own);
    const works = simulation.containers[0]?.trials.map(({ setting, works }) => [setting, works]);
    expect(works).toEqual([
      ['read-only-root', false],
      ['no-capabilities', true],
      ['no-new-privileges', true],
    ]);
    expect(record.findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/does not work with a read-only root: .*[Rr]ead-only file system/),
    );
  });

  it('looks through a container of its own where there is no cat', long, async () => {
    if (!bed) return;
    const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
    const name = `bare-${target.name}`;
    const digest = await pushTestImage(registry, name, '1', {
      bare: true,
      config: { Entrypoint: ['/bin/busybox', 'sleep', '3600'], User: '10001' },
    });
    const bare = `${registry}/${name}@${digest}`;
    const parts = {
      container: { ...tight, command: undefined, env: [{ name: 'LOG_LEVEL', value: 'info' }] },
      pod: { automountServiceAccountToken: false, terminationGracePeriodSeconds: 1 },
    };
    await using without = await bench(bed);
    await without.manifests(workload(bare, 'web', parts));
    const blind = await inspected(without);
    expect(blind.said).toEqual(['runtime/stop killed']);
    expect(blind.simulation.containers[0]?.process).toEqual({
      why: expect.stringMatching(/cat \/proc\/1\/status: .*; --canary-image names an image/),
    });

    await using own = await bench(bed);
    await own.manifests(workload(bare, 'web', parts));
    const { simulation, said } = await inspected(own, '--canary-image', image);
    expect(said).toEqual(['runtime/stop killed']);
    const [container] = simulation.containers;
    expect(seenOf(container?.process)).toMatchObject({ uid: 10001, capabilities: [] });
    expect(seenOf(container?.environment)).toMatchObject({ declared: 1, missing: [] });
    expect(seenOf(container?.limits).memory.inForce).toBe(67_108_864);
  });

  it('looks into nothing that did not start', long, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(
      workload(image, 'web', { container: shell('exit 1') }),
      job(image, 'once', ['true']),
    );
    const { result, simulation } = await inspected(own);
    expect(result.exitCode).toBe(1);
    expect(simulation.containers).toEqual([]);
    expect(simulation.notSimulated.map(({ what }) => what)).toContain('processes of Job/once');
  });

  it('makes one object after the other when it is asked to', long, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const script = 'sleep 2; echo > /ready; sleep 3600';
    const readinessProbe = { exec: { command: ['cat', '/ready'] }, periodSeconds: 1 };
    await own.manifests(
      workload(image, 'first', { container: { ...shell(script), readinessProbe } }),
      workload(image, 'second'),
    );
    const result = await own.run(
      ...['simulate', 'release.json', '--namespace', target.name, '--soak', '1s'],
      '--sequential',
    );
    expect(firstLine(result), result.stderr).toMatch(/^GO/);
    const objects = await (await own.kept()).objects();
    const pod = (name: string) =>
      objects.find(({ kind, metadata }) => kind === 'Pod' && metadata.labels?.app === name);
    const ready = listAt(pod('first'), 'status', 'conditions').find(
      (condition) => stringAt(condition, 'type') === 'Ready',
    );
    const since = stringAt(ready, 'lastTransitionTime') ?? '';
    const made = pod('second')?.metadata.creationTimestamp ?? '';
    expect(Date.parse(made)).toBeGreaterThanOrEqual(Date.parse(since));
  });
});
