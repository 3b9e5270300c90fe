import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { openKube } from '../../../src/adapters/kube/client.ts';
import { undoNamespace } from '../../../src/simulate/leftover.ts';
import { systems } from '../../systems/bed.ts';
import {
  createNamespace,
  kubectl,
  type TestNamespace,
  testImage,
} from '../../systems/kubernetes.ts';
import { bench, firstLine, namespaceExists, sandboxesOf, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const never = new AbortController().signal;

describe.skipIf(!bed)('a simulation that ends early', () => {
  let image: string;
  let target: TestNamespace;

  beforeAll(async () => {
    if (!bed) return;
    image = await testImage(bed('DEPLOYCHECK_TEST_REGISTRY'));
    target = await createNamespace('target');
  });
  afterAll(() => target?.[Symbol.asyncDispose]());

  const unready = () =>
    workload(image, 'web', { container: { readinessProbe: { exec: { command: ['false'] } } } });

  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves nothing after %s',
    { timeout: 240_000 },
    async (signal) => {
      if (!bed) return;
      await using own = await bench(bed);
      await own.manifests(unready());
      const running = own.start('simulate', 'release.json', '--namespace', target.name);
      await running.line(/pods available/);
      const [sandbox = ''] = await sandboxesOf(own.folder);
      expect(await namespaceExists(sandbox)).toBe(true);
      running.kill(signal);
      expect((await running.ended).exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(await namespaceExists(sandbox)).toBe(false);
      expect(await sandboxesOf(own.folder)).toEqual([]);
    },
  );

  it.concurrent('is finished after kill -9 by its leftover', { timeout: 240_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(unready());
    const running = own.start('simulate', 'release.json', '--namespace', target.name);
    await running.line(/pods available/);
    running.kill('SIGKILL');
    await running.ended;
    const [sandbox = ''] = await sandboxesOf(own.folder);
    expect(await namespaceExists(sandbox)).toBe(true);

    const result = await own.run('simulate', 'clean');
    expect(result.stdout).toContain(`removed: ${sandbox}`);
    expect(result.exitCode).toBe(0);
    expect(await namespaceExists(sandbox)).toBe(false);
    expect(await sandboxesOf(own.folder)).toEqual([]);
    expect((await own.run('simulate', 'clean', '--run', sandbox)).exitCode).toBe(2);
  });

  it.concurrent('is finished after kill -9 by `clean`', { timeout: 240_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(unready());
    const running = own.start('simulate', 'release.json', '--namespace', target.name);
    await running.line(/pods available/);
    running.kill('SIGKILL');
    await running.ended;
    const [sandbox = ''] = await sandboxesOf(own.folder);

    const result = await own.run('clean');
    expect([result.exitCode, result.stdout]).toEqual([0, expect.stringContaining(sandbox)]);
    expect(await namespaceExists(sandbox)).toBe(false);
    expect((await own.run('clean')).stdout).toContain('nothing was left behind');
  });

  it.concurrent('is undone only when the namespace is its own', { timeout: 240_000 }, async () => {
    if (!bed) return;
    const kube = (options: object, signal: AbortSignal) =>
      openKube({ ...options, kubeconfig: bed('KUBECONFIG') }, signal);
    const { server, context } = (await kube({}, never)).target;
    const name = 'deploycheck-00000001';
    const run = '0'.repeat(32);
    const other = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await kubectl(['apply', '-f', '-'], JSON.stringify(other));
    const ref = JSON.stringify({ context, server, kubeconfig: null, name, run });
    await undoNamespace(ref, { clock: systemClock, kube }, never);
    expect(await namespaceExists(name)).toBe(true);
    await kubectl(['label', 'namespace', name, `deploycheck.dev/run=${run}`]);
    await undoNamespace(ref, { clock: systemClock, kube }, never);
    expect(await namespaceExists(name)).toBe(false);

    const elsewhere = JSON.stringify({
      context,
      server: 'https://other',
      kubeconfig: null,
      name,
      run,
    });
    await expect(undoNamespace(elsewhere, { clock: systemClock, kube }, never)).rejects.toThrow(
      /now names/,
    );
  });

  it.concurrent('names what holds the namespace', { timeout: 240_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    const metadata = { name: 'held', finalizers: ['example.com/hold'] };
    await own.manifests({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    const flags = ['--namespace', target.name, '--soak', '1s', '--clean-up-timeout', '8s'];
    const result = await own.run('simulate', 'release.json', ...flags);
    const { simulation } = await own.kept();
    const sandbox = simulation.sandbox?.name ?? '';
    await kubectl([
      ...['patch', 'configmap', 'held', '--namespace', sandbox, '--type=merge'],
      '--patch={"metadata":{"finalizers":null}}',
    ]);
    await kubectl(['wait', '--for=delete', `namespace/${sandbox}`, '--timeout=60s']);
    expect(firstLine(result), result.stderr).toMatch(
      /^NO-GO {2}namespace deploycheck-\w+ does not go: ConfigMap\/held has example.com\/hold, set by deploycheck-/,
    );
    expect(result.exitCode).toBe(1);
  });

  it.concurrent('refuses wrong targets, and says which', { timeout: 240_000 }, async () => {
    if (!bed) return;
    await using own = await bench(bed);
    await own.manifests(unready());
    const unknown = await own.run('simulate', 'release.json', '--context', 'nowhere');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain("there is no context 'nowhere'");

    const missing = await own.run('simulate', 'release.json', '--namespace', 'never-made');
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain("has no namespace 'never-made'");
    expect(missing.stderr).toContain('namespace-missing');

    const config = await kubectl(['config', 'view', '--raw', '-o', 'json']);
    const dead = config.replace(/https:\/\/[\d.]+:\d+/, 'https://127.0.0.1:1');
    const kubeconfig = await own.write('dead.kubeconfig', dead);
    const gone = await own.run('simulate', 'release.json', '--kubeconfig', kubeconfig, '-n', 'x');
    expect(gone.exitCode).toBe(5);
    expect(gone.stderr).toContain('https://127.0.0.1:1');
    expect(gone.stderr).toContain('cluster-unreachable');
    expect(await sandboxesOf(own.folder)).toEqual([]);
  });
});
