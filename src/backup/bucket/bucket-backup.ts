import { Readable } from 'node:stream';
import type {
  ObjectEntry,
  ObjectStat,
  ObjectStore,
  ObjectVersion,
} from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import type { ReferencedKeys } from '../database/references.ts';
import type { Content } from '../repository/repository.ts';
import type { BucketPart, ObjectLine } from '../set/manifest.ts';
import type { SetWriter } from '../set/set-writer.ts';
import { written } from '../set/text-file.ts';
import { type BucketSource, openStore } from '../sources.ts';
import { type BackupSystems, inOrder, together } from '../systems.ts';
import { readSettings } from './bucket-settings.ts';
import { sumsLine } from './listing.ts';
import { namedObjects } from './named-objects.ts';
import type { ObjectIndex } from './object-index.ts';
import { transferText } from './transfer.ts';
import { startVersions, type VersionsBackup } from './versions-backup.ts';

/** Small objects take as long as their way there. */
const width = 32;
/** Of objects up to this size, {@link width} are in memory at most. */
const wholeBytes = 256 * 1024;

export interface BucketPlace {
  readonly writer: SetWriter;
  readonly index: ObjectIndex;
}

/**
 * Copies every object of a bucket into the repository, and writes their listing. Keys seen are taken
 * off what the rows name.
 * @param number of the bucket in the set, from 1: names of buckets may not be names of files
 * @throws Fault `objects-*`, `repository-*`
 */
export async function backUpBucket(
  source: BucketSource,
  number: number,
  { writer, index }: BucketPlace,
  references: readonly ReferencedKeys[],
  systems: BackupSystems,
): Promise<BucketPart> {
  const { signal } = systems;
  const { store, endpoint } = await openStore(source.ref, systems);
  const { bucket } = source.ref;
  try {
    const place = { store, source, writer, index, systems };
    const name = `buckets/${number}-${source.name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}`;
    const versions = source.versions
      ? await startVersions(place, name, { copyObject, width })
      : undefined;
    const copied = versions?.copied ?? (await listedObjects(place));
    if (!copied) throw noBucket(endpoint, bucket);
    const unseen = references.filter((entry) => entry.bucket === source.name);
    const vanished: string[] = [];
    let objects = 0;
    let bytes = 0;
    let unread = 0;
    // All at once: whoever writes an encrypted listing cannot read it again.
    const settings = await readSettings(store, bucket, signal);
    const [listing, transfer, sums] = [
      written(writer, `${name}.jsonl`),
      written(writer, `${name}.curl`),
      written(writer, `${name}.sha256`, { open: true }),
    ];
    const copyAll = async () => {
      const all = alsoNamed(copied, namedObjects(place, { copyObject, width }, unseen), versions);
      for await (const { key, line, isRead } of all) {
        if (!line) {
          vanished.push(key);
          continue;
        }
        for (const reference of unseen) reference.unseen.delete(line.key);
        objects += 1;
        bytes += line.size;
        if (!isRead) unread += 1;
        await listing.write(`${JSON.stringify(line)}\n`);
        await transfer.write(transferText(line, objects === 1));
        await sums.write(sumsLine(line.object));
      }
      for (const file of [listing, transfer, sums, versions]) file?.end();
    };
    const files = await together(signal, [
      (inner) => listing.file(inner),
      (inner) => transfer.file(inner),
      (inner) => sums.file(inner),
      async (inner) => versions?.files(inner),
      copyAll,
    ]);
    await index.replace();
    const kept = await writer.file(
      `${name}.settings.json`,
      Readable.from([`${JSON.stringify(settings, null, 2)}\n`]),
      signal,
    );
    return {
      name: source.name,
      endpoint,
      bucket,
      prefix: source.prefix,
      objects,
      bytes,
      unread,
      listing: files[0].path,
      transfer: files[1].path,
      settings: kept.path,
      sums: files[2].path,
      ...(versions && { versions: versions.part() }),
      vanished,
    };
  } finally {
    store.close();
  }
}

const noBucket = (endpoint: string, bucket: string): Fault =>
  new Fault('objects-failed', `${endpoint}: there is no bucket '${bucket}'`);

/**
 * Asks whether a bucket is there, before the work that would be lost otherwise.
 * @throws Fault `objects-*`, `config-invalid`
 */
export async function requireBucket({ ref }: BucketSource, systems: BackupSystems): Promise<void> {
  const { store, endpoint } = await openStore(ref, systems);
  try {
    if (await store.bucketExists(ref.bucket, systems.signal)) return;
    throw noBucket(endpoint, ref.bucket);
  } finally {
    store.close();
  }
}

async function listedObjects(place: CopyPlace): Promise<AsyncIterable<Copied> | undefined> {
  const { store, source, index, systems } = place;
  const entries = await store.list(source.ref.bucket, source.prefix, systems.signal);
  return (
    entries &&
    kept(
      inOrder(entries, width, (entry) => copyObject(place, entry)),
      index,
    )
  );
}

/** The objects of the listing first, for the others are those that it has not. */
async function* alsoNamed(
  listed: AsyncIterable<Copied>,
  named: ReturnType<typeof namedObjects>,
  versions: VersionsBackup | undefined,
): AsyncGenerator<Copied> {
  yield* listed;
  for await (const { line, versionId = 'null', ...copied } of named) {
    if (line) await versions?.add(line, versionId);
    if (line) yield { ...copied, line };
  }
}

async function* kept(copied: AsyncIterable<Copied>, index: ObjectIndex): AsyncGenerator<Copied> {
  for await (const object of copied) {
    if (object.line) await index.keep(object.line);
    yield object;
  }
}

export interface CopyPlace extends BucketPlace {
  readonly store: ObjectStore;
  readonly source: BucketSource;
  readonly systems: BackupSystems;
}

export interface Copied {
  readonly key: string;
  /** Undefined when the object has gone. */
  readonly line?: ObjectLine;
  readonly isRead: boolean;
}

/** @param entry of the current object, or a version that is asked for by its id */
export async function copyObject(
  {
    store,
    source,
    writer,
    index,
    systems,
  }: Omit<CopyPlace, 'index'> & { readonly index: Pick<ObjectIndex, 'find'> },
  entry: ObjectEntry & Partial<Pick<ObjectVersion, 'versionId' | 'isLatest'>>,
): Promise<Copied> {
  const { signal, onEvent } = systems;
  const {
    ref: { bucket },
    tags: withTags,
  } = source;
  const { key, versionId } = entry;
  const tagsOf = async () => {
    if (!withTags) return null;
    const tags = await store.tags(bucket, key, signal, versionId);
    // Some servers do not find the tags of a current version by its id.
    const current = !tags && entry.isLatest && (await store.tags(bucket, key, signal));
    return tags ?? (current || {});
  };
  const known = await index.find(entry);
  if (known && (await writer.reuse(known.object, (known.encrypted ?? known).size, signal))) {
    onEvent({ type: 'bytes', bytes: known.size });
    return { key, line: { ...known, tags: await tagsOf() }, isRead: false };
  }
  const object = await opened(store, bucket, entry, versionId, signal);
  if (!object) return { key, isRead: true };
  const { content, size, etag, lastModified, metadata } = object;
  const stored = await writer.object(content, signal);
  if (stored.plain.size !== size) {
    throw new Fault(
      'objects-failed',
      `${bucket}/${key}: ${stored.plain.size} of ${size} bytes came`,
    );
  }
  onEvent({ type: 'bytes', bytes: size });
  const headers = {
    contentType: object.contentType,
    contentEncoding: object.contentEncoding,
    contentDisposition: object.contentDisposition,
    contentLanguage: object.contentLanguage,
    cacheControl: object.cacheControl,
  };
  const line: ObjectLine = {
    key,
    size,
    sha256: stored.plain.sha256,
    object: stored.key,
    encrypted: stored.encrypted,
    etag,
    // The listing counts finer than what comes with the content; it must be of the same object.
    lastModified: (etag === entry.etag ? entry.lastModified : lastModified).toISOString(),
    metadata,
    tags: await tagsOf(),
    headers: JSON.parse(JSON.stringify(headers)),
  };
  return { key, line, isRead: true };
}

async function opened(
  store: ObjectStore,
  bucket: string,
  { key, size }: ObjectEntry,
  versionId: string | undefined,
  signal: AbortSignal,
): Promise<(ObjectStat & { readonly content: Content }) | undefined> {
  const which = versionId === undefined ? {} : { versionId };
  if (size <= wholeBytes) {
    const whole = await store.read(bucket, key, { ...which, most: wholeBytes }, signal);
    if (whole !== 'larger') return whole;
  }
  const object = await store.get(bucket, key, which, signal);
  return object && { ...object, content: object.body };
}
