import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import { Fault } from '../core/fault.ts';
import { listAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { conditionOf } from './object-id.ts';
import type { Blocker } from './observed-parts.ts';
import { listed } from './target-namespace.ts';

/** What the namespace controller says when it cannot go on (k8s.io/api/core/v1, NamespaceConditionType). */
const complaints = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
];

/** What keeps a namespace from going: the objects left in it, their finalizers, and who set those. */
export async function blockersOf(
  kube: Kube,
  namespace: string,
  signal: AbortSignal,
): Promise<Blocker[]> {
  const { resources, unavailable } = await kube.resources(signal);
  const kinds = resources.filter(
    ({ namespaced, preferred, verbs, kind }) =>
      namespaced && preferred && verbs.includes('list') && kind !== 'Event',
  );
  const lists = await concurrently(kinds, 6, (kind) =>
    listed(kube, kind, namespace, signal).catch((error: unknown) => {
      if (error instanceof Fault) return [];
      throw error;
    }),
  );
  const held = lists
    .flat()
    .filter(({ metadata }) => (metadata.finalizers?.length ?? 0) > 0)
    .map(blockerOf);
  const object = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, signal);
  if (object === undefined) return [];
  const said = complaints.flatMap((type) => {
    const condition = conditionOf(object, type);
    return condition?.status === 'True' ? [condition.message] : [];
  });
  const silent = unavailable.map((api) => `the API ${api} does not answer`);
  const own = [...said, ...silent].join('; ');
  const finalizers = object.metadata.finalizers ?? [];
  return [...held, { object: `Namespace/${namespace}`, finalizers, owner: own || null }];
}

function blockerOf(object: KubeObject): Blocker {
  const { kind, metadata } = object;
  return {
    object: `${kind}/${metadata.name}`,
    finalizers: metadata.finalizers ?? [],
    owner: finalizerManager(object) ?? stringAt(metadata.ownerReferences, 0, 'name') ?? null,
  };
}

/** The field manager that wrote `metadata.finalizers`. */
function finalizerManager(object: KubeObject): string | undefined {
  const entry = listAt(object, 'metadata', 'managedFields').find(
    (candidate) => 'f:finalizers' in recordAt(candidate, 'fieldsV1', 'f:metadata'),
  );
  return stringAt(entry, 'manager');
}
