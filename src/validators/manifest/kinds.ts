import { groupOf, keyOf } from './kind-key.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { oncePerSet } from './once-per-set.ts';

/** The objects of one kind, in the order of the set; the set is sorted once, for every rule asks. */
export function objectsOf(
  set: Pick<ManifestSet, 'objects'>,
  apiVersion: string,
  kind: string,
): readonly ManifestObject[] {
  return byKind(set).get(`${apiVersion}/${kind}`) ?? [];
}

/** The same for every version of the group; the one of `v1` is the empty text. */
export function objectsOfGroup(
  set: Pick<ManifestSet, 'objects'>,
  group: string,
  kind: string,
): readonly ManifestObject[] {
  return byGroup(set).get(`${group}/${kind}`) ?? [];
}

const byKind = oncePerSet(({ objects }) => Map.groupBy(objects, keyOf));
const byGroup = oncePerSet(({ objects }) =>
  Map.groupBy(objects, ({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`),
);
