import type { Kube } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import { Fault } from '../core/fault.ts';
import { nearest } from '../core/suggest.ts';
import { listAt, numberAt, partAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { collect } from './collect.ts';
import { ifAllowed } from './denied.ts';
import type { Autoscaler, Owner, WorkloadName } from './observation.ts';

/** A workload with everything its history is read from. */
export interface WorkloadObjects {
  readonly workload: KubeObject;
  /** The ReplicaSets or ControllerRevisions it owns. */
  readonly histories: readonly KubeObject[];
  /** Those it owns, itself or through a ReplicaSet. */
  readonly pods: readonly KubeObject[];
  readonly autoscaler: Autoscaler | null;
}

const apps = 'apps/v1';

/**
 * @throws Fault `workload-missing`, naming the nearest; what {@link Kube} throws
 */
export async function readWorkload(
  kube: Kube,
  { kind, name }: WorkloadName,
  namespace: string,
  signal: AbortSignal,
): Promise<WorkloadObjects> {
  const workload = await kube.get({ apiVersion: apps, kind, name, namespace }, signal);
  if (workload === undefined) throw await missing(kube, { kind, name }, namespace, signal);
  const all = async (ref: { apiVersion: string; kind: string }, labelSelector?: string) =>
    collect(kube.list(ref, { namespace, ...(labelSelector && { labelSelector }) }, signal));
  const selector = selectorText(partAt(workload, 'spec', 'selector'));
  const historyKind = kind === 'Deployment' ? 'ReplicaSet' : 'ControllerRevision';
  const [histories, pods, autoscalers] = await Promise.all([
    all({ apiVersion: apps, kind: historyKind }),
    all({ apiVersion: 'v1', kind: 'Pod' }, selector),
    ifAllowed(() => all({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' })),
  ]);
  const owned = histories.filter((entry) => isOwnedBy(entry, workload));
  const owners = kind === 'Deployment' ? owned : [workload];
  return {
    workload,
    histories: owned,
    pods: pods.filter((pod) => owners.some((owner) => isOwnedBy(pod, owner))),
    autoscaler: autoscalerOf(autoscalers.value ?? [], { kind, name }),
  };
}

export function isOwnedBy(object: KubeObject, { metadata: { uid } }: KubeObject): boolean {
  return listAt(object, 'metadata', 'ownerReferences').some(
    (reference) => partAt(reference, 'controller') === true && stringAt(reference, 'uid') === uid,
  );
}

/** A label selector as queries write it: `app=web,tier in (a,b),!legacy`. */
export function selectorText(selector: unknown): string {
  const equal = Object.entries(recordAt(selector, 'matchLabels')).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const terms = listAt(selector, 'matchExpressions').map((entry) => {
    const key = stringAt(entry, 'key') ?? '';
    const values = listAt(entry, 'values').map(String).join(',');
    const operator = stringAt(entry, 'operator');
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values})`;
  });
  return [...equal, ...terms].join(',');
}

function autoscalerOf(found: readonly KubeObject[], { kind, name }: WorkloadName) {
  const own = found.find((entry) => {
    const target = recordAt(entry, 'spec', 'scaleTargetRef');
    return stringAt(target, 'kind') === kind && stringAt(target, 'name') === name;
  });
  if (own === undefined) return null;
  return {
    name: own.metadata.name,
    min: numberAt(own, 'spec', 'minReplicas') ?? 1,
    max: numberAt(own, 'spec', 'maxReplicas') ?? 0,
  };
}

/** Whoever keeps the workload as they know it, by the marks they leave on it. */
export function ownerOf({ metadata }: KubeObject): Owner | null {
  const labels = metadata.labels ?? {};
  const notes = metadata.annotations ?? {};
  const tracking = notes['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const argo = tracking ?? labels['argocd.argoproj.io/instance'];
  if (argo) return { by: 'Argo CD', name: argo };
  for (const source of ['kustomize', 'helm']) {
    const flux = labels[`${source}.toolkit.fluxcd.io/name`];
    if (flux) return { by: 'Flux', name: flux };
  }
  if (labels['app.kubernetes.io/managed-by'] === 'Helm') {
    return { by: 'Helm', name: notes['meta.helm.sh/release-name'] ?? 'unknown' };
  }
  const [parent] = listAt(metadata, 'ownerReferences');
  if (parent === undefined) return null;
  return {
    by: 'an owning object',
    name: `${stringAt(parent, 'kind')}/${stringAt(parent, 'name')}`,
  };
}

async function missing(
  kube: Kube,
  { kind, name }: WorkloadName,
  namespace: string,
  signal: AbortSignal,
): Promise<Fault> {
  const where = `${kube.target.server} (context ${kube.target.context})`;
  const space = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  const found = await ifAllowed(() => kube.get(space, signal));
  if (found.denied === undefined && found.value === undefined) {
    const names = await namesOf(kube, { apiVersion: 'v1', kind: 'Namespace' }, {}, signal);
    return new Fault(
      'workload-missing',
      `${where} has no namespace '${namespace}'${hint(namespace, names)}`,
    );
  }
  const names = await namesOf(kube, { apiVersion: apps, kind }, { namespace }, signal);
  const what = kind.toLowerCase();
  return new Fault(
    'workload-missing',
    `namespace ${namespace} of ${where} has no ${what} '${name}'${hint(name, names)}`,
  );
}

async function namesOf(
  kube: Kube,
  ref: { apiVersion: string; kind: string },
  options: { namespace?: string },
  signal: AbortSignal,
): Promise<string[]> {
  const objects = await ifAllowed(() => collect(kube.list(ref, options, signal)));
  return (objects.value ?? []).map(({ metadata }) => metadata.name);
}

function hint(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  if (near !== undefined) return `; did you mean '${near}'?`;
  const shown = names.slice(0, 8).join(', ');
  return `; there ${names.length === 1 ? 'is' : 'are'}: ${shown || 'none'}${names.length > 8 ? ' …' : ''}`;
}
