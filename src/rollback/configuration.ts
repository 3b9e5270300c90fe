import type { Kube } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import { listAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { ifAllowed } from './denied.ts';
import type { KnownRevision } from './history.ts';
import type { ReferenceState } from './observation.ts';
import { type Reference, referencesOf } from './references.ts';

/** Looks at everything the target's pods name, as it is now. Values are not kept. */
export async function readReferences(
  kube: Kube,
  target: KnownRevision,
  namespace: string,
  signal: AbortSignal,
): Promise<ReferenceState[]> {
  return Promise.all(
    referencesOf(target.podTemplate).map(async (reference) => {
      const { apiVersion, kind, name, namespaced } = reference;
      const ref = { apiVersion, kind, name, ...(namespaced && { namespace }) };
      const { value, denied } = await ifAllowed(() => kube.get(ref, signal));
      if (denied !== undefined) return stateOf(reference, undefined, target, denied);
      return stateOf(reference, value, target);
    }),
  );
}

/** @param denied why it could not be read */
export function stateOf(
  { kind, name, keys }: Reference,
  object: KubeObject | undefined,
  { created }: Pick<KnownRevision, 'created'>,
  denied = '',
): ReferenceState {
  const absent = { uid: null, resourceVersion: null, changedAt: null, changedSince: false };
  if (denied !== '') {
    return { kind, name, keys, state: 'unknown', missingKeys: [], ...absent, why: denied };
  }
  if (object === undefined) {
    return { kind, name, keys, state: 'missing', missingKeys: [], ...absent, why: '' };
  }
  const present = new Set(
    ['data', 'binaryData'].flatMap((part) => Object.keys(recordAt(object, part))),
  );
  const missingKeys = keys.filter((key) => !present.has(key));
  const holdsSettings = kind === 'ConfigMap' || kind === 'Secret';
  const changedAt = lastChange(object);
  return {
    kind,
    name,
    keys,
    state: missingKeys.length > 0 ? 'missing-key' : 'present',
    missingKeys,
    uid: object.metadata.uid ?? null,
    resourceVersion: holdsSettings ? (object.metadata.resourceVersion ?? null) : null,
    changedAt,
    changedSince: holdsSettings && changedAt !== null && changedAt > created,
    why: '',
  };
}

/**
 * When the content was last written. A manager's time moves only when something changed. An update
 * that takes a key away without setting one may leave no time; then the creation is what is known.
 */
function lastChange({ metadata }: KubeObject): string | null {
  const times = listAt(metadata, 'managedFields')
    .filter((entry) => stringAt(entry, 'subresource') === undefined)
    .flatMap((entry) => stringAt(entry, 'time') ?? []);
  return [...times, metadata.creationTimestamp ?? ''].toSorted().at(-1) || null;
}
