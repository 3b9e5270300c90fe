import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import { type BucketSettings, restoreSettings, settingsSchema } from '../bucket/bucket-settings.ts';
import { expectedOf, readListing } from '../bucket/listing.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import { damageOf, meter, unpacked } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import { type BucketPart, fileAt, type Manifest, type ObjectLine } from '../set/manifest.ts';
import type { Difference, Problem } from '../set/reports.ts';
import { setKey } from '../set/set-id.ts';
import { type BackupSystems, inOrder } from '../systems.ts';
import { type Filled, filled } from './database.ts';

const width = 6;
const shownDifferences = 100;

export interface BucketTarget {
  readonly store: ObjectStore;
  readonly bucket: string;
}

/** Uploads the objects of a bucket of a set, each checked on its way. */
export async function fillBucket(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  { store, bucket }: BucketTarget,
  { signal, onEvent }: BackupSystems,
): Promise<Filled> {
  const listing = fileAt(manifest, part.listing);
  // Several keys may have the same content.
  const damage = new Map<string, Problem>();
  const damaged = (path: string, problem: string) => void damage.set(path, { path, problem });
  const upload = async (line: ObjectLine) => {
    const { key, size, sha256, object, metadata, tags, headers } = line;
    const stored = await repository.get(object, signal);
    if (!stored) return damaged(object, 'it is missing');
    const content = unpacked(stored, expectedOf(line), repository);
    try {
      const options = { size, sha256, metadata, ...defined(headers) };
      const { outcome } = await store.put(bucket, key, content, options, signal);
      if (outcome === 'bucket-missing') {
        throw new Fault('objects-failed', `the bucket '${bucket}' went away`);
      }
      if (tags && Object.keys(tags).length > 0) await store.setTags(bucket, key, tags, signal);
    } catch (error) {
      const problem = damageOf(error);
      if (problem === undefined) throw error;
      damaged(object, problem);
    } finally {
      content.destroy();
    }
    onEvent({ type: 'bytes', bytes: size });
  };
  onEvent({ type: 'expected', bytes: part.bytes });
  try {
    const lines = readListing(repository, manifest.set, listing, signal);
    for await (const _ of inOrder(lines, width, upload));
  } catch (error) {
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    damaged(setKey(manifest.set, listing.path), problem);
  }
  return { ...filled, damage: [...damage.values()] };
}

/** @returns what is wrong with the file of the set that holds them */
async function settingsOf(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  signal: AbortSignal,
): Promise<BucketSettings | Problem> {
  const file = fileAt(manifest, part.settings);
  const path = setKey(manifest.set, file.path);
  const stored = await repository.get(path, signal);
  if (!stored) return { path, problem: 'it is missing' };
  try {
    const text = Buffer.concat(await unpacked(stored, file, repository).toArray()).toString('utf8');
    return settingsSchema.parse(JSON.parse(text));
  } catch (error) {
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    return { path, problem };
  }
}

/**
 * Gives a bucket that was filled its settings, reads every object again, and compares both with the set.
 */
export async function compareBucket(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  { store, bucket }: BucketTarget,
  { signal }: BackupSystems,
): Promise<Filled> {
  const listing = fileAt(manifest, part.listing);
  const extra = new Set<string>();
  for await (const { key } of (await store.list(bucket, '', signal)) ?? []) {
    if (key !== markerKey) extra.add(key);
  }
  const differences: Difference[] = [];
  const settings = await settingsOf(manifest, part, repository, signal);
  if ('problem' in settings) return { ...filled, damage: [settings] };
  const restored = await restoreSettings(settings, store, bucket, signal);
  differences.push(...restored.differences);
  const look = async (line: ObjectLine): Promise<Difference[]> => {
    extra.delete(line.key);
    return compareObject(part.name, line, store, bucket, signal);
  };
  const lines = readListing(repository, manifest.set, listing, signal);
  for await (const found of inOrder(lines, width, look)) {
    if (differences.length < shownDifferences) differences.push(...found);
  }
  for (const key of extra) {
    differences.push({ ...named(part.name, key), expected: 'missing', found: 'present' });
  }
  return { ...filled, differences, lacking: restored.lacking };
}

const named = (bucket: string, key: string) => ({ what: 'object', name: `${bucket}: ${key}` });

async function compareObject(
  name: string,
  { key, size, sha256, metadata, tags, headers }: ObjectLine,
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
): Promise<Difference[]> {
  const object = await store.get(bucket, key, {}, signal);
  if (!object) return [{ ...named(name, key), expected: 'present', found: 'missing' }];
  const content = meter();
  object.body.once('error', (error) => content.destroy(error));
  for await (const _ of object.body.pipe(content));
  const extent = content.extent();
  // The adapter notes the digest of what it uploads; that is not the object's own.
  const { sha256: noted, ...own } = object.metadata;
  const kept = noted === undefined || 'sha256' in metadata ? object.metadata : own;
  const pairs = [
    ['content', `${size} bytes, ${sha256}`, `${extent.size} bytes, ${extent.sha256}`],
    ['metadata', sortedText(metadata), sortedText(kept)],
    ...(tags === null
      ? []
      : [
          [
            'tags',
            sortedText(tags),
            sortedText((await store.tags(bucket, key, signal)) ?? {}),
          ] as const,
        ]),
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

/** With exact optional properties, a header that is undefined is not one that is absent. */
function defined(headers: ObjectLine['headers']): { [K in keyof ObjectLine['headers']]?: string } {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
