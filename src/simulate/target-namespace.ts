import type { KindRef, Kube, KubeObject } from '../adapters/kube/kube.ts';
import { Fault } from '../core/fault.ts';
import type { Plan } from './plan.ts';

/** The namespace that production has, as far as a sandbox takes after it. */
export interface TargetSeen {
  readonly name: string;
  /** Undefined before the first deployment. */
  readonly namespace: KubeObject | undefined;
  readonly quotas: readonly KubeObject[];
  readonly ranges: readonly KubeObject[];
  /** Nodes of the cluster; one when that may not be read. */
  readonly nodes: number;
}

/**
 * @throws Fault `namespace-missing` when there is no such namespace and the release does not bring it
 */
export async function lookAtTarget(
  kube: Kube,
  name: string,
  plan: Pick<Plan, 'namespaces'>,
  signal: AbortSignal,
): Promise<TargetSeen> {
  const [namespace, quotas, ranges, nodes] = await Promise.all([
    kube.get({ apiVersion: 'v1', kind: 'Namespace', name }, signal),
    readable(kube, { apiVersion: 'v1', kind: 'ResourceQuota' }, name, signal),
    readable(kube, { apiVersion: 'v1', kind: 'LimitRange' }, name, signal),
    readable(kube, { apiVersion: 'v1', kind: 'Node' }, undefined, signal),
  ]);
  const brought = plan.namespaces.some(({ value }) => {
    const { metadata } = value;
    return typeof metadata === 'object' && metadata && 'name' in metadata && metadata.name === name;
  });
  if (namespace === undefined && !brought) {
    throw new Fault(
      'namespace-missing',
      `${kube.target.server} (context ${kube.target.context}) has no namespace '${name}', and the release does not bring it`,
    );
  }
  return { name, namespace, quotas, ranges, nodes: Math.max(1, nodes.length) };
}

/** What is forbidden to be read is not taken over. */
async function readable(
  kube: Kube,
  kind: KindRef,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  try {
    return await listed(kube, kind, namespace, signal);
  } catch (error) {
    if (error instanceof Fault && error.code === 'cluster-denied') return [];
    throw error;
  }
}

export async function listed(
  kube: Kube,
  kind: KindRef,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  const options = namespace === undefined ? {} : { namespace };
  for await (const object of kube.list(kind, options, signal)) objects.push(object);
  return objects;
}
