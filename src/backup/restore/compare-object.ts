import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { meter } from '../meter.ts';
import type { ObjectLine } from '../set/manifest.ts';
import type { Difference } from '../set/reports.ts';

export const named = (bucket: string, key: string) => ({
  what: 'object',
  name: `${bucket}: ${key}`,
});

/**
 * Reads an object, and compares it with its line in a set.
 * @param name of the bucket in the set
 * @param versionId of the version in the store that is meant, rather than the current object
 */
export async function compareObject(
  name: string,
  { key, size, sha256, metadata, tags, headers }: ObjectLine,
  { store, bucket }: { readonly store: ObjectStore; readonly bucket: string },
  signal: AbortSignal,
  versionId?: string,
): Promise<Difference[]> {
  const which = versionId === undefined ? {} : { versionId };
  const object = await store.get(bucket, key, which, signal);
  if (!object) return [{ ...named(name, key), expected: 'present', found: 'missing' }];
  const content = meter();
  object.body.once('error', (error) => content.destroy(error));
  for await (const _ of object.body.pipe(content));
  const extent = content.extent();
  // The adapter notes the digest of what it uploads; that is not the object's own.
  const { sha256: noted, ...own } = object.metadata;
  const kept = noted === undefined || 'sha256' in metadata ? object.metadata : own;
  const tagsNow = async () => sortedText((await store.tags(bucket, key, signal, versionId)) ?? {});
  const pairs = [
    ['content', `${size} bytes, ${sha256}`, `${extent.size} bytes, ${extent.sha256}`],
    ['metadata', sortedText(metadata), sortedText(kept)],
    ...(tags === null ? [] : [['tags', sortedText(tags), await tagsNow()] as const]),
    ...(
      [
        'contentType',
        'contentEncoding',
        'contentDisposition',
        'contentLanguage',
        'cacheControl',
      ] as const
    )
      // Without one, a store gives a content type of its own choice.
      .filter((header) => headers[header] !== undefined)
      .map((header) => [header, String(headers[header]), String(object[header])] as const),
  ] as const;
  return pairs.flatMap(([what, expected, found]) =>
    expected === found
      ? []
      : [{ what: `object ${what}`, name: `${name}: ${key}`, expected, found }],
  );
}

const sortedText = (entries: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
