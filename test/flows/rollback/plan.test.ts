import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { type RollbackBench, rollbackBench } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const deadline = { timeout: 60_000, interval: 200 };

describe.skipIf(!bed)('rollback --dry-run', () => {
  let bench: RollbackBench;
  beforeAll(async () => {
    if (!bed) return;
    bench = await rollbackBench(bed);
    await bench.apply(configMap('old'), configMap('new'));
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const configMap = (name: string, data: object = { MODE: name }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data,
  });
  const plan = (name: string, ...args: string[]) =>
    bench.rollback(
      '--dry-run',
      `deploy/${name}`,
      '-n',
      bench.namespace,
      '--migrations',
      'none',
      ...args,
    );
  const versions = () =>
    bench.kubectl(
      ...['get', 'deployments,replicasets,pods,configmaps', '--output'],
      'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}',
    );
  const twoReleases = async (name: string, first = {}, second = {}) => {
    await bench.release(name, { version: 1, ...first });
    await bench.rolledOut(`deploy/${name}`);
    await bench.release(name, { version: 2, ...second });
  };

  it('says go, with target, commands and time, and writes nothing', async () => {
    await twoReleases('web');
    await bench.rolledOut('deploy/web');
    // A rollout is over before the last old pod is.
    await vi.waitFor(
      async () => expect((await versions()).match(/^Pod\//gm)).toHaveLength(2),
      deadline,
    );
    const before = await versions();
    const { exitCode, stdout, stderr } = await plan('web');
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^GO {2}deployment\/web can go back to revision 1 in about /),
    ]);
    expect(stdout).toContain(`from revision 2 (${bench.registry}/${bench.repository('web')}:2)`);
    expect(stdout).toContain(`-n ${bench.namespace} rollout undo deployment/web --to-revision=1`);
    expect(stderr).toMatch(/^target: https:\/\/\S+ \(context \S+\), namespace rollback-/);
    expect(await versions()).toBe(before);

    const json = JSON.parse((await plan('web', '--format', 'json')).stdout);
    expect(json.measurements[0]).toMatchObject({ name: 'rollback.time', unit: 's', limit: 1800 });
    expect(json.measurements[0].source).not.toBe('assumed');
    expect(json.summary.inconclusive).toBe(0);
  });

  it('passes over a revision that was never healthy, whichever release is running', async () => {
    await twoReleases('failing', {}, { ready: '/missing' });
    await vi.waitFor(async () => {
      const { stdout } = await plan('failing');
      expect(stdout).toMatch(/ {2}to {3}revision 1 .*: newest proven healthy: 2 of its replicas/);
    }, deadline);
    await bench.release('failing', { version: 3 });
    await bench.rolledOut('deploy/failing');
    const { exitCode, stdout } = await plan('failing');
    expect(stdout).toContain('passed over 2, not proven healthy');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('to   revision 1')]);
    expect((await plan('failing', '--to-revision', '2')).exitCode).toBe(3);
    expect((await plan('failing', '--to-revision', '9')).exitCode).toBe(2);
  });

  it('says no when the registry has lost the image', async () => {
    await twoReleases('pruned');
    const url = `http://${bench.registry}/v2/${bench.repository('pruned')}/manifests`;
    const accept = 'application/vnd.oci.image.manifest.v1+json';
    const head = await fetch(`${url}/1`, { method: 'HEAD', headers: { accept } });
    const digest = head.headers.get('docker-content-digest');
    expect((await fetch(`${url}/${digest}`, { method: 'DELETE' })).status).toBe(202);
    const { exitCode, stdout } = await plan('pruned');
    expect(stdout).toMatch(/^NO-GO {2}deployment\/pruned: the registry has no \S+:1 any more \(/);
    expect(exitCode).toBe(1);
  });

  it('says no when a ConfigMap is gone, and warns when one has changed', async () => {
    await twoReleases('settings', { configMap: 'old' }, { configMap: 'new' });
    await bench.apply(configMap('old', { MODE: 'changed' }));
    const changed = await plan('settings');
    expect(changed.stdout).toMatch(
      /ConfigMap old changed at \S+Z, after revision 1 was rolled out/,
    );
    expect(changed.exitCode).toBe(0);
    await bench.kubectl('delete', 'configmap', 'old');
    const { exitCode, stdout } = await plan('settings');
    expect(stdout).toMatch(
      /^NO-GO {2}deployment\/settings: revision 1 needs ConfigMap old, which is not there/,
    );
    expect(exitCode).toBe(1);
  });

  it('says no when there is nothing to go back to, or the change would not be carried out', async () => {
    await bench.release('first', { version: 1 });
    const only = await plan('first');
    expect([only.exitCode, only.stdout]).toEqual([
      1,
      expect.stringMatching(/^NO-GO {2}deployment\/first has nothing to go back to/),
    ]);
    await bench.kubectl('rollout', 'pause', 'deploy/web');
    const paused = await plan('web');
    await bench.kubectl('rollout', 'resume', 'deploy/web');
    expect([paused.exitCode, paused.stdout]).toEqual([
      1,
      expect.stringMatching(/^NO-GO {2}deployment\/web: it is paused/),
    ]);
  });

  it('says no when the namespace would refuse the old pods', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'full' },
      spec: { hard: { pods: '1' } },
    };
    await bench.apply(quota);
    await vi.waitFor(async () => {
      const { exitCode, stdout } = await plan('web');
      expect(stdout).toMatch(
        /^NO-GO {2}deployment\/web: the server refuses the pod: .*exceeded quota/,
      );
      expect(exitCode).toBe(1);
    }, deadline);
    await bench.kubectl('delete', 'resourcequota', 'full');
    const level = 'pod-security.kubernetes.io/enforce';
    await bench.kubectl('label', 'namespace', bench.namespace, `${level}=restricted`);
    const { exitCode, stdout } = await plan('web');
    await bench.kubectl('label', 'namespace', bench.namespace, `${level}-`);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('violates PodSecurity')]);
  });
});
