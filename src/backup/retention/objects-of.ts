import { readSums } from '../bucket/listing.ts';
import { damageOf } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import { fileAt, type PublishedManifest } from '../set/manifest.ts';

/**
 * Calls with the key of every object that a set counts on, of some several times. Needs no identity:
 * the lists of objects of an encrypted set are readable.
 * @returns in what way the lists are not what was written
 * @throws Fault of the repository; the signal's reason
 */
export async function forEachObject(
  repository: Repository,
  manifest: PublishedManifest,
  each: (key: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const list of manifest.buckets.flatMap(listsOf)) {
    const file = fileAt(manifest, list.sums);
    let objects = 0;
    try {
      for await (const key of readSums(repository, manifest.set, file, signal)) {
        objects += 1;
        each(key);
      }
    } catch (error) {
      const damage = damageOf(error);
      if (damage === undefined) throw error;
      return `${file.path}: ${damage}`;
    }
    if (objects !== list.objects) return `${file.path} is not whole`;
  }
  return undefined;
}

/** Of current objects, and of their versions where the set has them. */
const listsOf = ({ sums, objects, versions }: PublishedManifest['buckets'][number]) => [
  { sums, objects },
  ...(versions ? [{ sums: versions.sums, objects: versions.count }] : []),
];
