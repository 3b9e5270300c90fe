import type { ManifestObject, ManifestSet } from './load.ts';

/** Work on the objects of a set that several rules ask for: it is done once for each set. */
export function oncePerSet<T>(
  work: (set: Pick<ManifestSet, 'objects'>) => T,
): (set: Pick<ManifestSet, 'objects'>) => T {
  const done = new WeakMap<readonly ManifestObject[], { readonly result: T }>();
  return (set) => {
    const known = done.get(set.objects);
    if (known) return known.result;
    const result = work(set);
    done.set(set.objects, { result });
    return result;
  };
}
