import type { Kube } from '../../adapters/kube/kube.ts';
import { type Reference, referencesOf } from './config-references.ts';
import type { ManifestSet } from './load.ts';
import { recordAt } from './read.ts';
import { isKind, podTemplates } from './workloads.ts';

/** A ConfigMap or Secret as a cluster has it; values are never kept. */
export interface LiveSource {
  readonly kind: Reference['kind'];
  readonly namespace: string;
  readonly name: string;
  /** Null when the cluster has no such object. */
  readonly keys: readonly string[] | null;
  /** For people: the namespace and the cluster. */
  readonly place: string;
}

/**
 * Asks a cluster for the configuration that pods of the set refer to and the set does not hold.
 * @throws Fault `cluster-unreachable`, `cluster-denied`, `cluster-failed`
 */
export async function lookUpConfiguration(
  set: ManifestSet,
  kube: Kube,
  signal: AbortSignal,
): Promise<readonly LiveSource[]> {
  const held = new Set(
    set.objects
      .filter((object) => isKind(object, 'v1', 'ConfigMap') || isKind(object, 'v1', 'Secret'))
      .map(({ kind, name }) => `${kind} ${name}`),
  );
  const wanted = new Map<string, Pick<LiveSource, 'kind' | 'namespace' | 'name'>>();
  for (const template of podTemplates(set)) {
    for (const { kind, name } of referencesOf(template)) {
      const namespace = template.object.namespace ?? kube.target.namespace;
      if (!held.has(`${kind} ${name}`)) {
        wanted.set(`${kind} ${namespace} ${name}`, { kind, namespace, name });
      }
    }
  }
  return Promise.all(
    [...wanted.values()].map(async (source): Promise<LiveSource> => {
      const object = await kube.get({ apiVersion: 'v1', ...source }, signal);
      const place = `namespace ${source.namespace} of ${kube.target.context}`;
      if (!object) return { ...source, keys: null, place };
      const keys = ['data', 'binaryData'].flatMap((part) => Object.keys(recordAt(object, part)));
      return { ...source, keys, place };
    }),
  );
}
