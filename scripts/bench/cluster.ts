import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { packageFile } from '../../src/core/package-root.ts';
import { systems } from '../../test/systems/bed.ts';
import { pushTestImage } from '../../test/systems/images.ts';
import { createNamespace, kubectl } from '../../test/systems/kubernetes.ts';
import { compare, type Row, timed } from './row.ts';

const rounds = 3;
const replicas = 3;

/** Simulation and rollback beside what kubectl does of the same. */
export async function ofCluster(home: string): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const bed = await systems('kubernetes', 'registry');
  if (!bed) throw new Error('the test bed did not start');
  const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
  const { name: namespace } = stack.use(await createNamespace('bench'));
  for (const tag of ['1', '2']) {
    await pushTestImage(registry, 'bench/web', tag, {
      files: [{ path: 'www/healthz', content: `version ${tag}\n` }],
      config: { Cmd: ['/bin/httpd', '-f', '-p', '8080', '-h', '/www'] },
    });
  }
  const folder = join(home, 'cluster');
  await mkdir(folder);
  const manifest = (tag: string) => JSON.stringify(deployment(`${registry}/bench/web:${tag}`));
  await writeFile(join(folder, 'web.json'), manifest('2'));
  const env = { KUBECONFIG: bed('KUBECONFIG') };
  const deploycheck = (...args: string[]) =>
    execa(process.execPath, [packageFile('bin/run.js'), ...args], { cwd: folder, env });
  const inNamespace = (...args: string[]) => kubectl(['--namespace', namespace, ...args]);
  const release = async (tag: string) => {
    await kubectl(['--namespace', namespace, 'apply', '-f', '-'], manifest(tag));
    await inNamespace('rollout', 'status', 'deployment/web', '--timeout=90s');
  };
  // Both images are on the nodes before anything is timed.
  await release('1');
  // Kubernetes tells times in whole seconds: what comes next must not share this one.
  await delay(1100);
  await release('2');
  await delay(1100);
  const on = `${replicas} pods`;
  const simulate = (file = 'web.json') =>
    deploycheck(
      ...['simulate', file, '--namespace', namespace, '--soak', `${soakSeconds}s`],
      ...['--format', 'json', '--quiet'],
    );
  const applyAndWait = async () => {
    await using own = await createNamespace('bench-peer');
    return await timed(async () => {
      await kubectl(['--namespace', own.name, 'apply', '-f', '-'], manifest('2'));
      await kubectl(['--namespace', own.name, 'rollout', 'status', 'deployment/web']);
    });
  };
  const many = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: configMaps });
  await writeFile(join(folder, 'many.json'), many);
  const ofRollback = ['deploy/web', '--namespace', namespace, '--migrations', 'none'];

  return [
    await compare({
      what: '`deploycheck simulate`: sandbox, dry run, deploy, 2 s of watching, removal, proof',
      against: '`kubectl create namespace`, `apply`, `rollout status`, `delete namespace`',
      ...{ goal: null, on, rounds },
      ours: () => timed(() => simulate()),
      theirs: () =>
        timed(async () => {
          await using own = await createNamespace('bench-peer');
          const there = (...args: string[]) => kubectl(['--namespace', own.name, ...args]);
          await kubectl(['--namespace', own.name, 'apply', '-f', '-'], manifest('2'));
          await there('rollout', 'status', 'deployment/web', '--timeout=90s');
          await kubectl(['delete', 'namespace', own.name, '--wait']);
        }),
    }),
    await compare({
      what: 'the same until the verdict, without the watching',
      against: '`kubectl apply`, `rollout status`',
      // Two seconds for the sandbox, the dry run and the probes.
      ...{ goal: (theirs: number) => (theirs + 2) / theirs, on, rounds },
      ours: async () => untilVerdict(await simulate()) - soakSeconds,
      theirs: applyAndWait,
    }),
    await compare({
      what: 'the same from the apply until ready, as its record has it',
      against: '`kubectl apply`, `rollout status`',
      ...{ goal: null, on, rounds },
      async ours() {
        const { stdout } = await simulate();
        const record: { measurements: { name: string; value: number }[] } = JSON.parse(stdout);
        const found = record.measurements.find(({ name }) => name.startsWith('simulation.ready'));
        return found?.value ?? Number.NaN;
      },
      theirs: applyAndWait,
    }),
    await compare({
      what: `${configMaps.length} objects rewritten and applied, by the steps of the record`,
      against: '`kubectl apply --server-side`',
      ...{ goal: 1.2, on: `${configMaps.length} ConfigMaps`, rounds },
      ours: async () => stepsOf(await simulate('many.json'), ['rewrite', 'apply']),
      async theirs() {
        await using own = await createNamespace('bench-peer');
        const args = ['--namespace', own.name, 'apply', '--server-side', '-f', '-'];
        return await timed(() => kubectl(args, many));
      },
    }),
    await compare({
      what: '`deploycheck rollback --dry-run`: history, image, configuration, server dry run, estimate',
      against: '`kubectl rollout history`, `rollout undo --dry-run=server`',
      ...{ goal: null, on, rounds: 5 },
      ours: () => timed(() => deploycheck('rollback', '--dry-run', ...ofRollback)),
      theirs: () =>
        timed(async () => {
          await inNamespace('rollout', 'history', 'deployment/web');
          await inNamespace('rollout', 'undo', 'deployment/web', '--dry-run=server');
        }),
    }),
    await compare({
      what: '`deploycheck rollback` with 1 s of settling, health proven',
      against: '`kubectl rollout undo`, `rollout status`',
      ...{ goal: null, on, rounds },
      async ours() {
        const { stdout } = await deploycheck('rollback', '--dry-run', ...ofRollback);
        const decision = /^decision (\S+)$/m.exec(stdout)?.[1] ?? '';
        return timed(() =>
          deploycheck('rollback', ...ofRollback, '--settle', '1s', '--yes', decision),
        );
      },
      theirs: () =>
        timed(async () => {
          await inNamespace('rollout', 'undo', 'deployment/web');
          await inNamespace('rollout', 'status', 'deployment/web');
        }),
    }),
  ];
}

const soakSeconds = 2;

const configMaps = Array.from({ length: 200 }, (_, number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `settings-${number}` },
  data: { number: String(number), text: 'x'.repeat(500) },
}));

/** Seconds that the steps of a simulation took together. */
function stepsOf({ stdout }: { readonly stdout: string }, names: readonly string[]): number {
  const record: { steps: { name: string; durationMs: number }[] } = JSON.parse(stdout);
  const chosen = record.steps.filter(({ name }) => names.includes(name));
  return chosen.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
}

const untilVerdict = (answer: { readonly stdout: string }): number =>
  stepsOf(answer, ['rewrite', 'prepare', 'dry-run', 'apply', 'wait', 'probe', 'measure']);

function deployment(image: string): object {
  const labels = { app: 'web' };
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 };
  const container = { name: 'web', image, readinessProbe: probe };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [container] },
      },
    },
  };
}
