import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../../src/adapters/kube/kube.ts';
import type { RunRecord } from '../../../src/core/record.ts';
import type { Simulation } from '../../../src/simulate/observation.ts';
import { type CliResult, deploycheck } from '../../e2e/cli.ts';
import { type Running, start } from '../../e2e/running.ts';
import type { Variables } from '../../systems/bed.ts';
import { kubectl } from '../../systems/kubernetes.ts';

type Json = Readonly<Record<string, unknown>>;

/** A folder with the manifests of a release, and the program run in it. */
export interface Bench extends AsyncDisposable {
  readonly folder: string;
  write(file: string, text: string): Promise<string>;
  manifests(...objects: readonly object[]): Promise<void>;
  run(...args: readonly string[]): Promise<CliResult>;
  /** Starts the program; `line` resolves with the first line of stderr that matches. */
  start(...args: readonly string[]): Running;
  /** What the last run kept. */
  kept(): Promise<Kept>;
}

export interface Kept {
  readonly record: RunRecord;
  readonly simulation: Simulation;
  /** The objects of the sandbox as they were before it went. */
  objects(): Promise<readonly KubeObject[]>;
}

export async function bench(bed: Variables): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-simulate-'));
  const env = { KUBECONFIG: bed('KUBECONFIG') };
  const write = async (file: string, text: string) => {
    await writeFile(join(folder, file), text);
    return join(folder, file);
  };
  return {
    folder,
    write,
    async manifests(...objects) {
      await write(
        'release.json',
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
      );
    },
    run: (...args) => deploycheck(args, { cwd: folder, env }),
    start: (...args) => start(args, { cwd: folder, env }),
    async kept() {
      const runs = join(folder, '.deploycheck/runs');
      const [last = ''] = (await readdir(runs)).sort().reverse();
      const read = async (file: string) =>
        JSON.parse(await readFile(join(runs, last, file), 'utf8'));
      const record: RunRecord = await read('record.json');
      const simulation: Simulation = await read('evidence/simulation.json');
      return {
        ...{ record, simulation },
        objects: () => read('evidence/simulation-objects.json'),
      };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export const firstLine = ({ stdout }: CliResult): string => stdout.split('\n')[0] ?? '';

/** Names of the sandboxes in the cluster that a ledger or an observation names. */
export async function namespaceExists(name: string): Promise<boolean> {
  const found = await kubectl(['get', 'namespace', name, '--ignore-not-found', '-o', 'name']);
  return found.trim() !== '';
}

/** The sandboxes that the ledger below a folder still names. */
export async function sandboxesOf(folder: string): Promise<string[]> {
  const ledger = join(folder, '.deploycheck/leftovers');
  const names = await readdir(ledger).catch(() => []);
  const entries = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(ledger, name), 'utf8'))),
  );
  return entries
    .filter(({ kind }) => kind === 'kube-namespace')
    .map(({ ref }) => JSON.parse(ref).name);
}

interface PodParts {
  readonly container?: Json;
  readonly pod?: Json;
  readonly spec?: Json;
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet';
}

/** A workload of one busybox container that sleeps. */
export function workload(image: string, name: string, parts: PodParts = {}): object {
  const labels = { app: name };
  const container = { name: 'main', image, command: ['sleep', '3600'], ...parts.container };
  return {
    apiVersion: 'apps/v1',
    kind: parts.kind ?? 'Deployment',
    metadata: { name },
    spec: {
      ...(parts.kind === 'DaemonSet' ? {} : { replicas: 1 }),
      selector: { matchLabels: labels },
      ...(parts.kind === 'StatefulSet' ? { serviceName: name } : {}),
      ...parts.spec,
      template: { metadata: { labels }, spec: { containers: [container], ...parts.pod } },
    },
  };
}

export function claim(name: string, storageClassName?: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClassName && { storageClassName }),
      resources: { requests: { storage: '1Mi' } },
    },
  };
}

/** A command that runs a shell. */
export const shell = (script: string) => ({ command: ['sh', '-c', script] });

export function job(
  image: string,
  name: string,
  command: readonly string[],
  parts: Pick<PodParts, 'container' | 'pod' | 'spec'> = {},
): object {
  const containers = [{ name: 'main', image, command, ...parts.container }];
  const template = { spec: { restartPolicy: 'Never', containers, ...parts.pod } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, ...parts.spec, template },
  };
}
