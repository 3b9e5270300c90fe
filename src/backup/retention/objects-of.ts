import { readListing } from '../listing.ts';
import { fileAt, type Manifest, type ObjectLine } from '../manifest.ts';
import { damageOf } from '../meter.ts';
import { objectKey, type Repository } from '../repository.ts';

/**
 * Calls with every object that a set counts on.
 * @returns in what way the listings are not what was written
 * @throws Fault of the repository; the signal's reason
 */
export async function forEachObject(
  repository: Repository,
  manifest: Manifest,
  each: (line: ObjectLine) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const bucket of manifest.buckets) {
    const file = fileAt(manifest, bucket.listing);
    let objects = 0;
    try {
      for await (const line of readListing(repository, manifest.set, file, signal)) {
        if (line.object !== objectKey(line.sha256)) return `${file.path} names odd places`;
        objects += 1;
        each(line);
      }
    } catch (error) {
      const damage = damageOf(error);
      if (damage === undefined) throw error;
      return `${file.path}: ${damage}`;
    }
    if (objects !== bucket.objects) return `${file.path} is not whole`;
  }
  return undefined;
}
