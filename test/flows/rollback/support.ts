import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { type CliResult, deploycheck } from '../../e2e/cli.ts';
import type { Variables } from '../../systems/bed.ts';
import { pushTestImage } from '../../systems/images.ts';
import { createNamespace, kubectl } from '../../systems/kubernetes.ts';

/** What differs between the revisions of a test's workload. */
export interface AppPlan {
  readonly version: number;
  /** Path that the readiness probe asks for; `/healthz` answers. */
  readonly ready?: string;
  readonly replicas?: number;
  readonly configMap?: string;
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface RollbackBench extends AsyncDisposable {
  readonly namespace: string;
  /** Working folder of the program, with its runs. */
  readonly folder: string;
  readonly registry: string;
  /** Repository of its own for an app, `rollback/…`. */
  repository(name: string): string;
  kubectl(...args: string[]): Promise<string>;
  apply(...objects: readonly object[]): Promise<void>;
  /** Applies a revision of an app, without waiting for it. */
  release(name: string, plan: AppPlan): Promise<void>;
  /** Waits for the rollout to be over. */
  rolledOut(object: string): Promise<void>;
  rollback(...args: string[]): Promise<CliResult>;
}

/** A namespace with images of its own, and the built program pointed at it. */
export async function rollbackBench(bed: Variables): Promise<RollbackBench> {
  await using stack = new AsyncDisposableStack();
  const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
  const { name: namespace } = stack.use(await createNamespace('rollback'));
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-rollback-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const run = randomBytes(4).toString('hex');
  const repository = (name: string) => `rollback/${run}-${name}`;
  const inNamespace = (...args: string[]) => kubectl(['--namespace', namespace, ...args]);
  const apply = async (...items: readonly object[]) => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await kubectl(['--namespace', namespace, 'apply', '--server-side', '-f', '-'], list);
  };
  const disposables = stack.move();
  return {
    namespace,
    folder,
    registry,
    repository,
    kubectl: inNamespace,
    apply,
    async release(name, plan) {
      const tag = String(plan.version);
      await pushTestImage(registry, repository(name), tag, {
        files: [{ path: 'www/healthz', content: `version ${tag} of ${run}\n` }],
        config: { Cmd: ['/bin/httpd', '-f', '-p', '8080', '-h', '/www'] },
      });
      await apply(workload(name, `${registry}/${repository(name)}:${tag}`, plan));
    },
    async rolledOut(object) {
      await inNamespace('rollout', 'status', object, '--timeout=90s');
      // Kubernetes tells times in whole seconds: what comes next must not share this one.
      const second = () => Math.floor(Date.now() / 1000);
      const over = second();
      await vi.waitFor(() => expect(second()).toBeGreaterThan(over), {
        timeout: 5000,
        interval: 50,
      });
    },
    rollback: (...args) =>
      deploycheck(['rollback', ...args], {
        cwd: folder,
        env: { KUBECONFIG: bed('KUBECONFIG') },
      }),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

function workload(name: string, image: string, plan: AppPlan): object {
  const { kind = 'Deployment', replicas = 2, ready = '/healthz', configMap, extra = {} } = plan;
  const labels = { app: name };
  const container = {
    name: 'web',
    image,
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: ready, port: 'http' }, periodSeconds: 1 },
    ...(configMap && { envFrom: [{ configMapRef: { name: configMap } }] }),
  };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      ...(kind === 'StatefulSet' && { serviceName: name }),
      ...(kind === 'Deployment' && {
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      }),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
      ...extra,
    },
  };
}

/** The digest that a dry run's page prints for `--yes`. */
export function decisionIn(page: string): string {
  return /^decision (sha256:[0-9a-f]{64})$/m.exec(page)?.[1] ?? 'none';
}
