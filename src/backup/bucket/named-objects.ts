import { Fault } from '../../core/fault.ts';
import type { ReferencedKeys } from '../database/references.ts';
import { inOrder } from '../systems.ts';
import { type Copied, type CopyPlace, copyObject } from './copy-object.ts';
import { smallWidth } from './small-objects.ts';

/**
 * Copies the objects that rows name and the listing has not: a listing is no proof that an object is gone.
 * Some servers keep `a/b` beside `a` and never list it.
 * @param unseen keys that were not seen, once the listing has been read
 * @throws Fault `objects-unreachable`, `objects-denied`
 */
export async function* namedObjects(
  place: CopyPlace,
  unseen: readonly ReferencedKeys[],
): AsyncGenerator<Copied & { readonly versionId?: string }> {
  const { store, source, systems } = place;
  const { bucket } = source.ref;
  const keys = async function* () {
    const left = new Set(unseen.flatMap((reference) => [...reference.unseen]));
    for (const key of left) if (isKey(key) && key.startsWith(source.prefix)) yield key;
  };
  const look = async (key: string) => {
    const found = await store.stat(bucket, key, systems.signal).catch(refused);
    if (!found) return undefined;
    const { versionId, ...entry } = found;
    // By its name alone: the index is asked in the order of the listing.
    const copied = await copyObject(
      { ...place, index: { find: async () => undefined } },
      { ...entry, key },
    );
    return { ...copied, ...(versionId === undefined ? {} : { versionId }) };
  };
  for await (const copied of inOrder(keys(), smallWidth, look)) {
    if (copied?.line) yield copied;
  }
}

/** What S3 takes as a key. */
const isKey = (key: string): boolean => {
  const bytes = Buffer.byteLength(key);
  return bytes > 0 && bytes <= 1024;
};

/** What the server does not take as a key stays dangling, as what cannot be asked for does: that is a finding. */
function refused(error: unknown): undefined {
  if (error instanceof Fault && error.code === 'objects-failed') return undefined;
  throw error;
}
