import { listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { podSpecPath } from './object-id.ts';

/** What pods need by name. */
export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap' | 'ServiceAccount' | 'PersistentVolumeClaim';
  readonly name: string;
  /** Asked for one by one; empty when the whole is. */
  readonly keys: readonly string[];
}

/** What the pods of a workload reference and cannot start without. */
export function referencesOf(value: Readonly<Record<string, unknown>>): Reference[] {
  const path = podSpecPath(stringAt(value, 'kind') ?? '');
  const spec = path ? partAt(value, ...path) : undefined;
  if (spec === undefined) return [];
  const claims = new Set(
    listAt(value, 'spec', 'volumeClaimTemplates').map((claim) =>
      stringAt(claim, 'metadata', 'name'),
    ),
  );
  const found = [
    ...listAt(spec, 'initContainers').flatMap(ofContainer),
    ...listAt(spec, 'containers').flatMap(ofContainer),
    ...listAt(spec, 'volumes').flatMap(ofVolume),
    ...listAt(spec, 'imagePullSecrets').flatMap((entry) => whole('Secret', entry, 'name')),
    ...whole('ServiceAccount', spec, 'serviceAccountName'),
  ];
  return joined(
    found.filter(({ kind, name }) => kind !== 'PersistentVolumeClaim' || !claims.has(name)),
  );
}

function ofContainer(container: unknown): Reference[] {
  const single = listAt(container, 'env').flatMap((entry) => [
    ...key('Secret', partAt(entry, 'valueFrom', 'secretKeyRef')),
    ...key('ConfigMap', partAt(entry, 'valueFrom', 'configMapKeyRef')),
  ]);
  const all = listAt(container, 'envFrom').flatMap((entry) => [
    ...whole('Secret', partAt(entry, 'secretRef'), 'name'),
    ...whole('ConfigMap', partAt(entry, 'configMapRef'), 'name'),
  ]);
  return [...single, ...all];
}

function ofVolume(volume: unknown): Reference[] {
  const projected = listAt(volume, 'projected', 'sources').flatMap((source) => [
    ...items('Secret', partAt(source, 'secret'), 'name'),
    ...items('ConfigMap', partAt(source, 'configMap'), 'name'),
  ]);
  return [
    ...items('Secret', partAt(volume, 'secret'), 'secretName'),
    ...items('ConfigMap', partAt(volume, 'configMap'), 'name'),
    ...projected,
    ...whole('PersistentVolumeClaim', partAt(volume, 'persistentVolumeClaim'), 'claimName'),
  ];
}

function key(kind: Reference['kind'], ref: unknown): Reference[] {
  const name = stringAt(ref, 'key');
  return whole(kind, ref, 'name').map((found) => ({ ...found, keys: name ? [name] : [] }));
}

function items(kind: Reference['kind'], source: unknown, field: string): Reference[] {
  const keys = listAt(source, 'items').flatMap((item) => stringAt(item, 'key') ?? []);
  return whole(kind, source, field).map((found) => ({ ...found, keys }));
}

function whole(kind: Reference['kind'], ref: unknown, field: string): Reference[] {
  const name = stringAt(ref, field);
  // What is optional may be missing.
  return name === undefined || partAt(ref, 'optional') === true ? [] : [{ kind, name, keys: [] }];
}

function joined(references: readonly Reference[]): Reference[] {
  const byName = new Map<string, Reference>();
  for (const reference of references) {
    const id = `${reference.kind}/${reference.name}`;
    const keys = new Set([...(byName.get(id)?.keys ?? []), ...reference.keys]);
    byName.set(id, { ...reference, keys: [...keys].sort() });
  }
  return [...byName.values()];
}
