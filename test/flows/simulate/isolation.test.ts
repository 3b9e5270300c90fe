import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systems } from '../../systems/bed.ts';
import {
  createNamespace,
  kubectl,
  type TestNamespace,
  testImage,
} from '../../systems/kubernetes.ts';
import { impairPod } from '../../systems/pod-network.ts';
import { type Bench, bench, claim, firstLine, sandboxesOf, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const deadline = { timeout: 60_000, interval: 50 };

describe.skipIf(!bed)('a sandbox', () => {
  let image: string;
  let target: TestNamespace;

  beforeAll(async () => {
    if (!bed) return;
    image = await testImage(bed('DEPLOYCHECK_TEST_REGISTRY'));
    target = await createNamespace('target');
  });
  afterAll(() => target?.[Symbol.asyncDispose]());

  const args = (...more: string[]) => [
    ...['simulate', 'release.json', '--namespace', target.name],
    ...(more.includes('--soak') ? [] : ['--soak', '1s']),
    ...more,
  ];
  const simulated = async (own: Bench, ...more: string[]) => {
    const result = await own.run(...args(...more));
    expect(firstLine(result), result.stderr).toMatch(/^GO/);
    return own.kept();
  };

  it.concurrent('says when the cluster does not keep its pods in', {
    timeout: 120_000,
  }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(workload(image, 'web'));
    const { simulation } = await simulated(own, '--canary-image', image);
    // The bed's network carries no policies out.
    expect(simulation.sandbox?.egress).toEqual({
      allowed: [],
      enforced: 'no',
      why: 'the cluster does not carry out network policies: a canary got out all the same',
    });
    expect(simulation.notSimulated.map(({ what, why }) => `${what}: ${why}`)).toContain(
      'systems outside of the sandbox: its pods could reach them: the cluster does not carry out network policies: a canary got out all the same',
    );
  });

  it.concurrent('takes the default for classes that the release brings', {
    timeout: 120_000,
  }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const name = `new-${target.name}`;
    const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    await own.manifests(
      {
        ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name } },
        provisioner: 'disk.example.com',
      },
      {
        ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } },
        value: 1000,
      },
      claim('data', name),
      workload(image, 'web', { container: mounted, pod: { volumes, priorityClassName: name } }),
    );
    const { simulation } = await simulated(own);
    expect(simulation.rewrites.map(({ object, path }) => `${object} ${path}`)).toEqual(
      expect.arrayContaining([
        'PersistentVolumeClaim/data spec.storageClassName',
        'Deployment/web spec.template.spec.priorityClassName',
      ]),
    );
    expect(await kubectl(['get', 'storageclass', name, '--ignore-not-found'])).toBe('');
  });

  it.concurrent('says when they were kept in', { timeout: 120_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(workload(image, 'web'));
    const running = own.start(
      ...args('--canary-image', image, '--allow-egress', '192.0.2.1:5432', '--format', 'json'),
    );
    // In the place of a network that carries the policy out: the canary is cut off once there is one.
    const sandbox = await vi.waitFor(async () => {
      const [name] = await sandboxesOf(own.folder);
      expect(name).toBeDefined();
      return String(name);
    }, deadline);
    // Everything is ready before the policy comes: from then on there are seconds.
    const path = 'jsonpath={.status.containerStatuses[0].containerID}';
    const [id] = await Promise.all([
      vi.waitFor(async () => {
        const at = await kubectl(['-n', sandbox, 'get', 'pod', 'deploycheck-canary', '-o', path]);
        expect(at).toMatch(/^containerd:/);
        return at;
      }, deadline),
      kubectl([
        ...['-n', sandbox, 'wait', 'networkpolicy/deploycheck-egress'],
        ...['--for=create', '--timeout=60s'],
      ]),
    ]);
    await impairPod(id, { lossPercent: 100 });
    await running.ended;
    const { simulation } = await own.kept();
    expect(simulation.sandbox?.egress).toMatchObject({
      allowed: ['192.0.2.1:5432'],
      enforced: 'yes',
    });
  });

  it.concurrent('does not guess without a canary that runs', { timeout: 180_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(workload(image, 'web'));
    const { simulation } = await simulated(own);
    expect(simulation.sandbox?.egress).toMatchObject({ enforced: 'unknown' });
    const wrong = await own.run(...args('--allow-egress', 'nowhere.invalid:1'));
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("'nowhere.invalid:1': nowhere.invalid has no address here"),
    ]);
  });

  it.concurrent('runs fewer pods when told to, and says so', { timeout: 120_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(workload(image, 'web', { spec: { replicas: 5 } }));
    const { simulation } = await simulated(own, '--replicas', '2');
    expect(simulation.workloads[0]?.message).toBe('2 of 2 pods available');
    expect(simulation.rewrites).toContainEqual(
      expect.objectContaining({ path: 'spec.replicas', from: '5', to: '2' }),
    );
  });

  it.concurrent('gets secrets that are made up, or chosen keys', { timeout: 120_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const secret = ['create', 'secret', 'generic', 'real', '--from-literal=USER=ada'];
    await kubectl(['-n', target.name, ...secret, '--from-literal=PASSWORD=do-not-copy']);
    const from = (name: string, key: string) => ({
      name: key,
      valueFrom: { secretKeyRef: { name, key } },
    });
    const script = 'test -n "$TOKEN" && test "$USER" = ada && exec sleep 3600';
    await own.manifests(
      workload(image, 'web', {
        container: {
          command: ['sh', '-c', script],
          env: [from('made-up', 'TOKEN'), from('real', 'USER')],
        },
      }),
    );
    const flags = ['--secret', 'made-up=generate', '--secret', 'real=copy:USER'];
    const { simulation } = await simulated(own, ...flags);
    expect(simulation.secrets.given).toEqual([
      { name: 'made-up', from: 'generated' },
      { name: 'real', from: 'copy' },
    ]);
  });

  it.concurrent('lists hooks, and leaves out what is no installation', {
    timeout: 120_000,
  }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const hook = (name: string, value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, annotations: { 'helm.sh/hook': value } },
    });
    await own.manifests(
      workload(image, 'web'),
      hook('before', 'pre-install'),
      hook('trial', 'test'),
    );
    const { simulation } = await simulated(own);
    const told = simulation.notSimulated.map(({ what, why }) => `${what}: ${why}`);
    expect(told).toContain(
      'ConfigMap/before: made with the others of its kind, not as helm.sh/hook: pre-install says',
    );
    expect(told).toContain('ConfigMap/trial: helm.sh/hook: test is no part of an installation');
    expect(simulation.diff.map(({ object }) => object.name)).toEqual(['web', 'before']);
  });

  it.concurrent('tells of a container that its limit holds back', {
    timeout: 120_000,
  }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const container = {
      command: ['sh', '-c', 'while :; do :; done'],
      resources: { limits: { cpu: '20m' } },
    };
    await own.manifests(workload(image, 'web', { container }));
    const { record } = await simulated(own, '--soak', '30s');
    const [found] = record.findings.filter(({ check }) => check === 'simulation/usage');
    expect(found?.message).toMatch(/container main: its CPU limit held it back in \d+ %/);
  });
});
