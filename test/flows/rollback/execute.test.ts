import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageFile } from '../../../src/core/package-root.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { decisionIn, type RollbackBench, rollbackBench } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const deadline = { timeout: 60_000, interval: 200 };

describe.skipIf(!bed)('rollback', () => {
  let bench: RollbackBench;
  let elsewhere: string;
  beforeAll(async () => {
    if (!bed) return;
    elsewhere = await mkdtemp(join(tmpdir(), 'deploycheck-rollback-'));
    bench = await rollbackBench(bed);
  });
  afterAll(async () => {
    await bench?.[Symbol.asyncDispose]();
    if (elsewhere) await rm(elsewhere, { recursive: true, force: true });
  });

  const args = (object: string, ...more: string[]) => [
    object,
    ...['-n', bench.namespace, '--migrations', 'none', '--settle', '2s'],
    ...more,
  ];
  const plan = (object: string, ...more: string[]) =>
    bench.rollback('--dry-run', ...args(object, ...more));
  /** What the pods run that are not on their way out, `web:1`. */
  const images = async (name: string) => {
    const text = await bench.kubectl('get', 'pods', '--selector', `app=${name}`, '-o', 'json');
    const pods: {
      metadata: { deletionTimestamp?: string };
      spec: { containers: [{ image: string }] };
    }[] = JSON.parse(text).items;
    const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const found = living.map(({ spec }) => spec.containers[0].image.replace(/^.*-/, ''));
    return [...new Set(found)].sort();
  };
  const release = async (name: string, version: number, more = {}) => {
    await bench.release(name, { version, ...more });
    const { kind = 'Deployment' } = more as { kind?: string };
    await bench.rolledOut(`${kind}/${name}`);
  };

  it('does what the dry run said, proves it, and says how to go forward again', async () => {
    await release('web', 1);
    await release('web', 2);
    const dry = await plan('deploy/web');
    const { exitCode, stdout, stderr } = await bench.rollback(
      ...args('deploy/web', '--yes', decisionIn(dry.stdout), '--format', 'json'),
    );
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('kept as run')]);
    const record = JSON.parse(stdout);
    const [execution] = record.data.rollback.executions;
    expect(execution).toMatchObject({ outcome: 'healthy', readyPods: 2, restarts: 0 });
    expect(Object.values(execution.digests)).toEqual([[expect.stringMatching(/^sha256:/)]]);
    expect(execution.undo).toMatch(/rollout undo deployment\/web --to-revision=2$/);
    expect(record.measurements).toMatchObject([{ name: 'rollback.time', source: 'measured' }]);
    expect(await images('web')).toEqual(['web:1']);
    // Its number has moved, its first creation has not: a re-used ReplicaSet.
    const again = await plan('deploy/web', '--format', 'json');
    const { verdict, data, findings, outcomes } = JSON.parse(again.stdout);
    const [workload] = data.rollback.workloads;
    expect(workload.revisions).toMatchObject([
      { number: 2, current: false, health: 'healthy' },
      { number: 3, current: true, earlier: [1] },
    ]);
    // Two pods of which one took a second and the other four prove no bound: the range is that wide.
    const open = outcomes.filter(({ outcome }: { outcome: string }) => outcome !== 'pass');
    const checks = open.map(({ check }: { check: string }) => check);
    expect([[], ['rollback/within-sla']]).toContainEqual(checks);
    expect([again.exitCode, verdict, findings]).toEqual(
      checks.length === 0 ? [0, 'go', []] : [3, 'pending', []],
    );
  });

  it('refuses what was changed since, or never read', async () => {
    const { stdout } = await plan('deploy/web');
    await bench.kubectl('set', 'env', 'deploy/web', 'MODE=changed');
    await bench.rolledOut('deploy/web');
    const stale = await bench.rollback(...args('deploy/web', '--yes', decisionIn(stdout)));
    expect([stale.exitCode, stale.stderr]).toEqual([
      4,
      expect.stringMatching(/changed since the dry run agreed to: deployment\/web.*plan-stale/s),
    ]);
    const made = `sha256:${'0'.repeat(64)}`;
    expect((await bench.rollback(...args('deploy/web', '--yes', made))).exitCode).toBe(2);
    const asked = await bench.rollback(...args('deploy/web'));
    expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('--yes DIGEST')]);
    expect(await images('web')).toEqual(['web:1']);
  });

  it('refuses a target that is not there, naming the nearest', async () => {
    const refusal = async (...words: string[]) => {
      const { exitCode, stderr } = await bench.rollback('--dry-run', ...words);
      return [exitCode, stderr];
    };
    const said = (text: string) => expect.stringContaining(text);
    const ns = bench.namespace;
    expect(await refusal('deploy/wep', '-n', ns)).toEqual([2, said("did you mean 'web'?")]);
    expect((await refusal('deploy/wep', '-n', ns))[1]).toContain('workload-missing');
    expect(await refusal('sts/web', '-n', ns)).toEqual([2, said("has no statefulset 'web'")]);
    expect(await refusal('deploy/web', '-n', `${ns}x`)).toEqual([2, said(`did you mean '${ns}'?`)]);
    expect(await refusal('deploi/web', '-n', ns)).toEqual([2, said("did you mean 'deploy/web'?")]);
    expect(await refusal('deploy/web', '--context', 'testbet-0')).toEqual([
      2,
      said('kubeconfig-invalid'),
    ]);
    const unnamed = await bench.rollback('deploy/web', '--migrations', 'none');
    expect([unnamed.exitCode, unnamed.stderr]).toEqual([2, said('--namespace or --env')]);
  });

  it('says which cluster does not answer', async () => {
    const kubeconfig = join(elsewhere, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'gone',
      clusters: [{ name: 'gone', cluster: { server: 'https://127.0.0.1:1' } }],
      contexts: [{ name: 'gone', context: { cluster: 'gone', user: 'me' } }],
      users: [{ name: 'me', user: {} }],
    };
    await writeFile(kubeconfig, JSON.stringify(config));
    const { exitCode, stderr } = await plan('deploy/web', '--kubeconfig', kubeconfig);
    expect([exitCode, stderr]).toEqual([
      5,
      expect.stringMatching(/https:\/\/127\.0\.0\.1:1 \(context gone\) .*cluster-unreachable/s),
    ]);
  });

  /** Goes back, and is ended by a signal while it watches over the settling. */
  const cutShort = async (name: string, signal: NodeJS.Signals) => {
    await release(name, 1);
    await release(name, 2);
    const { stdout } = await plan(`deploy/${name}`);
    const words = [
      ...[`deploy/${name}`, '-n', bench.namespace, '--migrations', 'none', '--settle', '10m'],
      ...['--yes', decisionIn(stdout)],
    ];
    const running = execa(process.execPath, [packageFile('bin/run.js'), 'rollback', ...words], {
      cwd: bench.folder,
      env: { KUBECONFIG: bed?.('KUBECONFIG') ?? '' },
      reject: false,
      stdin: 'ignore',
    });
    let sent = false;
    for await (const line of running.iterable({ from: 'stderr' })) {
      if (sent || !line.includes('replicas are well')) continue;
      sent = running.kill(signal);
    }
    return await running;
  };

  it('says in what state it leaves the cluster when it is interrupted', async () => {
    const { exitCode, stderr } = await cutShort('cut', 'SIGINT');
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(
      /deployment\/cut: the order to go back was given at .* carried on by the/,
    );
    expect(stderr).toContain('rollout status deployment/cut');
    expect(await images('cut')).toEqual(['cut:1']);
  });

  it('killed with SIGKILL leaves an unfinished run, which `clean` removes', async () => {
    expect((await cutShort('dead', 'SIGKILL')).signal).toBe('SIGKILL');
    expect(await images('dead')).toEqual(['dead:1']);
    const options = { cwd: bench.folder, env: { KUBECONFIG: bed?.('KUBECONFIG') ?? '' } };
    expect((await deploycheck(['clean'], options)).exitCode).toBe(0);
    expect((await deploycheck(['clean'], options)).stdout).toContain('nothing was left behind');
    const runs = await readdir(join(bench.folder, '.deploycheck/runs'));
    expect(runs.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('goes back from a rollout that the cluster has given up', async () => {
    await release('night', 1);
    const extra = { progressDeadlineSeconds: 3 };
    await bench.release('night', { version: 2, ready: '/missing', extra });
    await vi.waitFor(async () => {
      const { stdout } = await plan('deploy/night', '--format', 'json');
      const [workload] = JSON.parse(stdout).data.rollback.workloads;
      expect(workload.revisions[1]).toMatchObject({ number: 2, health: 'unhealthy' });
    }, deadline);
    const dry = await plan('deploy/night');
    expect([dry.exitCode, dry.stdout]).toEqual([0, expect.stringContaining('to   revision 1')]);
    const done = await bench.rollback(...args('deploy/night', '--yes', decisionIn(dry.stdout)));
    expect([done.exitCode, done.stdout]).toEqual([0, expect.stringMatching(/^DONE/)]);
    expect(await images('night')).toEqual(['night:1']);
  });

  it('says what is in the way when the old release does not become well either', async () => {
    await bench.release('worse', { version: 1, ready: '/missing' });
    await bench.release('worse', { version: 2, extra: { progressDeadlineSeconds: 4 } });
    await bench.rolledOut('deploy/worse');
    const dry = await plan('deploy/worse', '--to-revision', '1');
    expect(dry.exitCode).toBe(3);
    const words = ['--to-revision', '1', '--yes', decisionIn(dry.stdout)];
    const done = await bench.rollback(...args('deploy/worse', ...words));
    expect([done.exitCode, done.stdout]).toEqual([
      1,
      expect.stringMatching(/^FAILED {2}deployment\/worse is not well after going back: /),
    ]);
    expect(done.stdout).toMatch(/to go forward again: kubectl .* --to-revision=2/);
  });

  it('frees a StatefulSet from a pod that never becomes ready', async () => {
    const kind = 'StatefulSet';
    await release('db', 1, { kind });
    // Nothing but an earlier run tells of an old revision of a StatefulSet.
    expect((await plan('sts/db')).exitCode).toBe(1);
    await bench.release('db', { version: 2, kind, ready: '/missing' });
    await vi.waitFor(async () => expect(await images('db')).toContain('db:2'), deadline);
    const held = await plan('sts/db');
    expect([held.exitCode, held.stdout]).toEqual([
      1,
      expect.stringMatching(/^NO-GO {2}statefulset\/db: db-1 never became ready/),
    ]);
    const free = await plan('sts/db', '--delete-stuck');
    expect(free.stdout).toContain('delete pod db-1');
    const yes = decisionIn(free.stdout);
    const done = await bench.rollback(...args('sts/db', '--delete-stuck', '--yes', yes));
    expect([done.exitCode, done.stdout]).toEqual([
      0,
      expect.stringMatching(/^DONE {2}statefulset\/db is back at revision 1/),
    ]);
    expect(done.stdout).toContain('deleted pod db-1');
    expect(await images('db')).toEqual(['db:1']);
  });

  it('takes a DaemonSet back', async () => {
    const kind = 'DaemonSet';
    await release('agent', 1, { kind });
    await plan('ds/agent');
    await release('agent', 2, { kind });
    const dry = await plan('ds/agent');
    expect(dry.stdout).toContain('an earlier run saw it healthy at');
    const done = await bench.rollback(...args('ds/agent', '--yes', decisionIn(dry.stdout)));
    expect([done.exitCode, done.stdout]).toEqual([0, expect.stringMatching(/^DONE/)]);
    expect(await images('agent')).toEqual(['agent:1']);
  });
});
