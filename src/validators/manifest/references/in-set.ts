import type { ManifestObject, ManifestSet } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { kindText, type Wanted } from './reference.ts';

interface Namesakes {
  readonly all: ManifestObject[];
  readonly byNamespace: Map<string | null, ManifestObject[]>;
}

const namesakes = oncePerSet(({ objects }) => {
  const found = new Map<string, Namesakes>();
  for (const object of objects) {
    // What the server completes nobody can name.
    if (object.generatedName) continue;
    const key = `${kindText(object)} ${object.name}`;
    const known: Namesakes = found.get(key) ?? { all: [], byNamespace: new Map() };
    found.set(key, known);
    known.all.push(object);
    const beside = known.byNamespace.get(object.namespace);
    if (beside) beside.push(object);
    else known.byNamespace.set(object.namespace, [object]);
  }
  return found;
});

/** The objects of the set that may be meant; one without a namespace may go to any. */
export function objectsNamed(
  set: Pick<ManifestSet, 'objects'>,
  wanted: Wanted,
): readonly ManifestObject[] {
  const found = namesakes(set).get(`${kindText(wanted)} ${wanted.name}`);
  if (found === undefined) return [];
  const { all, byNamespace } = found;
  if (wanted.namespace === null) return all;
  return [...(byNamespace.get(wanted.namespace) ?? []), ...(byNamespace.get(null) ?? [])];
}
