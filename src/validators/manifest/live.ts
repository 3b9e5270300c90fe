import type { Kube, Resource } from '../../adapters/kube/kube.ts';
import { concurrently } from '../../core/concurrently.ts';
import { Fault } from '../../core/fault.ts';
import { groupOf } from './kind-key.ts';
import type { ManifestSet } from './load.ts';
import { recordAt, stringAt } from './read.ts';
import { allReferences } from './references/all.ts';
import { type LiveAnswer, type Presence, presenceWithin } from './references/presence.ts';
import {
  type Content,
  isKindItself,
  kindText,
  type Wanted,
  wantedText,
} from './references/reference.ts';

/** Requests under way at once. */
const atOnce = 8;

/**
 * Asks a cluster for every object that the set refers to, does not hold and does not declare; nothing is
 * written. What may not be read is unknown, with the reason, and once the cluster does not answer it is
 * not asked again.
 * @throws Fault `cluster-unreachable`, `cluster-denied`, `cluster-failed` when it does not list its kinds
 */
export async function lookUp(
  set: ManifestSet,
  kube: Kube,
  signal: AbortSignal,
): Promise<readonly LiveAnswer[]> {
  const wanted = new Map<string, Wanted>();
  for (const reference of allReferences(set)) {
    const { apiVersion, kind, namespace, name } = reference;
    if (presenceWithin(set, reference)) continue;
    wanted.set(wantedText(reference), { apiVersion, kind, namespace, name });
  }
  if (wanted.size === 0) return [];
  const served = await servedKinds(kube, signal);
  let down: Presence | undefined;
  return concurrently([...wanted.values()], atOnce, async (one): Promise<LiveAnswer> => {
    if (down) return { wanted: one, presence: down };
    try {
      return { wanted: one, presence: await ask(kube, served, one, signal) };
    } catch (error) {
      // What an interrupt ends is no answer.
      if (!(error instanceof Fault)) throw error;
      const presence = unknown(error.message);
      if (error.code === 'cluster-unreachable') down = presence;
      return { wanted: one, presence };
    }
  });
}

interface Served {
  readonly resources: ReadonlyMap<string, Resource>;
  /** Groups whose servers do not answer. */
  readonly unavailable: ReadonlySet<string>;
}

async function servedKinds(kube: Kube, signal: AbortSignal): Promise<Served> {
  const { resources, unavailable } = await kube.resources(signal);
  const byKind = new Map<string, Resource>();
  for (const resource of resources) {
    const key = kindText(resource);
    if (resource.preferred || !byKind.has(key)) byKind.set(key, resource);
  }
  return { resources: byKind, unavailable: new Set(unavailable.map(groupOf)) };
}

async function ask(
  kube: Kube,
  { resources, unavailable }: Served,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Presence> {
  const { context } = kube.target;
  const resource = resources.get(kindText(wanted));
  if (resource === undefined) {
    const group = groupOf(wanted.apiVersion);
    if (unavailable.has(group)) return unknown(`the API ${group} of ${context} does not answer`);
    const place = isKindItself(wanted) ? context : `${context}, which serves no such kind`;
    return { state: 'absent', place };
  }
  if (isKindItself(wanted)) return { state: 'found', contents: [] };
  const { apiVersion, kind, namespaced } = resource;
  const namespace = wanted.namespace ?? kube.target.namespace;
  const ref = { apiVersion, kind, name: wanted.name, ...(namespaced && { namespace }) };
  const object = await kube.get(ref, signal);
  const place = namespaced ? `namespace ${namespace} of ${context}` : context;
  return object ? { state: 'found', contents: [kept(object)] } : { state: 'absent', place };
}

/** Values of Secrets and ConfigMaps are never kept, only which keys there are. */
function kept(object: Content): Content {
  const kind = stringAt(object, 'kind');
  if (kind !== 'Secret' && kind !== 'ConfigMap') return { spec: recordAt(object, 'spec') };
  const keys = ['data', 'binaryData'].flatMap((part) => Object.keys(recordAt(object, part)));
  return { type: object.type, data: Object.fromEntries(keys.map((key) => [key, ''])) };
}

const unknown = (problem: string): Presence => ({
  state: 'unknown',
  why: `not in the manifests, and ${problem}`,
});
