import { keyOf } from './kind-key.ts';
import type { ManifestObject, ManifestSet } from './load.ts';

/** The objects of one kind, in the order of the set; the set is sorted once, for every rule asks. */
export function objectsOf(
  { objects }: Pick<ManifestSet, 'objects'>,
  apiVersion: string,
  kind: string,
): readonly ManifestObject[] {
  return sorted(objects).get(`${apiVersion}/${kind}`) ?? [];
}

type ByKind = ReadonlyMap<string, readonly ManifestObject[]>;
const sortedSets = new WeakMap<readonly ManifestObject[], ByKind>();

function sorted(objects: readonly ManifestObject[]): ByKind {
  const known = sortedSets.get(objects);
  if (known) return known;
  const byKind = Map.groupBy(objects, keyOf);
  sortedSets.set(objects, byKind);
  return byKind;
}
