import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished, vi } from 'vitest';
import { openKube } from '../../../src/adapters/kube/client.ts';
import type { Kube, Refused, WatchEvent } from '../../../src/adapters/kube/kube.ts';
import type { KubeObject } from '../../../src/adapters/kube/object.ts';
import type { Variables } from '../../systems/bed.ts';
import { type FaultProxy, faultProxy } from '../../systems/fault-proxy.ts';
import { kubectl } from '../../systems/kubernetes.ts';
import { never, openAdmin } from './administrator.ts';
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts';

export { never, openAdmin };

/** What is needed of a kubeconfig that the bed wrote. */
interface Config {
  clusters: { cluster: Record<string, unknown> & { server: string } }[];
  users: { user: Record<string, unknown> }[];
}

/** The administrator's kubeconfig, changed, as a file that is gone when the test is over. */
export async function kubeconfig(
  bed: Variables | undefined,
  change: (config: Config) => void = () => undefined,
): Promise<string> {
  const config: Config = JSON.parse(await readFile(bed?.('KUBECONFIG') ?? '', 'utf8'));
  change(config);
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-kube-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'config');
  await writeFile(file, JSON.stringify(config));
  return file;
}

export interface Proxied {
  readonly kube: Kube;
  readonly proxy: TcpProxy;
}

/** The administrator, through a TCP proxy of the test's own. */
export async function openThroughProxy(
  bed: Variables | undefined,
  namespace?: string,
): Promise<Proxied> {
  const admin = await openAdmin(bed);
  const { hostname, port } = new URL(admin.target.server);
  const proxy = await tcpProxy(hostname, Number(port));
  const file = await kubeconfig(bed, ({ clusters }) => {
    for (const { cluster } of clusters) cluster.server = `https://127.0.0.1:${proxy.port}`;
  });
  const kube = await openKube(
    { kubeconfig: file, ...(namespace === undefined ? {} : { namespace }) },
    never,
  );
  onTestFinished(async () => {
    kube.close();
    await proxy[Symbol.asyncDispose]();
  });
  return { kube, proxy };
}

export interface Faulty extends Proxied {
  /** Behind {@link Proxied.proxy}. */
  readonly faults: FaultProxy;
}

/** The administrator over plain HTTP, which kubectl offers, through a proxy that breaks what it is told to. */
export async function openFaulty(bed: Variables | undefined, namespace?: string): Promise<Faulty> {
  const child = spawn(
    bed?.('DEPLOYCHECK_TEST_KUBECTL') ?? 'kubectl',
    ['proxy', '--port=0', `--kubeconfig=${bed?.('KUBECONFIG')}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  const [line] = await once(createInterface(child.stdout), 'line');
  const address = /127\.0\.0\.1:\d+/.exec(String(line))?.[0] ?? '';
  const faults = await faultProxy(address);
  const [host = '', port] = faults.address.split(':');
  const proxy = await tcpProxy(host, Number(port));
  const file = await kubeconfig(bed, ({ clusters }) => {
    for (const { cluster } of clusters) cluster.server = `http://127.0.0.1:${proxy.port}`;
  });
  const kube = await openKube(
    { kubeconfig: file, ...(namespace === undefined ? {} : { namespace }) },
    never,
  );
  onTestFinished(async () => {
    kube.close();
    await proxy[Symbol.asyncDispose]();
    await faults[Symbol.asyncDispose]();
    child.kill();
    await ended;
  });
  return { kube, proxy, faults };
}

/** The `Status` that the API server answers with. */
export const statusBody = (code: number, reason: string, message: string) => ({
  answer: code,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code,
    reason,
    message,
  }),
});

export const configMap = (
  namespace: string,
  name: string,
  data: Record<string, string> = {},
): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });

export const configMaps = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

/** A pod that ends at once when told to. */
export const pod = (
  namespace: string,
  name: string,
  image: string,
  command: readonly string[],
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 0,
    restartPolicy: 'Never',
    containers: [{ name: 'main', image, command }],
  },
});

export function accepted<T extends { readonly outcome: 'ok' }>(answer: T | Refused): T {
  if (answer.outcome === 'refused') throw new Error(JSON.stringify(answer));
  return answer;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

/** `added a`, `modified a`, … and `synced`, until the condition holds. */
export async function readEvents(
  events: AsyncIterator<WatchEvent>,
  until: (seen: readonly string[]) => boolean,
): Promise<string[]> {
  const seen: string[] = [];
  while (!until(seen)) {
    const { value, done } = await events.next();
    if (done) throw new Error(`the watch ended after ${seen.join(', ')}`);
    seen.push(textOf(value));
  }
  return seen;
}

const textOf = (event: WatchEvent): string =>
  event.type === 'synced' ? 'synced' : `${event.type} ${event.object.metadata.name}`;

export interface TestKind extends AsyncDisposable {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A namespaced kind that nothing else uses, which the server has watched only since now. */
export async function createKind(group: string): Promise<TestKind> {
  const name = `widgets.${group}`;
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    },
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  await kubectl(['create', '-f', '-'], JSON.stringify(definition));
  await kubectl(['wait', '--for=condition=Established', `crd/${name}`]);
  // Discovery learns of it a moment later.
  await vi.waitFor(() => kubectl(['get', name]), { timeout: 30_000 });
  return {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    async [Symbol.asyncDispose]() {
      await kubectl(['delete', 'crd', name, '--wait=false']);
    },
  };
}
