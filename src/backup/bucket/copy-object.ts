import { createHash, getFips, type Hash } from 'node:crypto';
import type {
  ObjectEntry,
  ObjectStat,
  ObjectStore,
  ObjectVersion,
} from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import type { Content } from '../repository/repository.ts';
import type { ObjectLine } from '../set/manifest.ts';
import type { SetWriter, StoredObject } from '../set/set-writer.ts';
import type { BucketSource } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import type { EtagProof } from './etag-proof.ts';
import type { ObjectIndex } from './object-index.ts';
import { smallBytes } from './small-objects.ts';

/** How often content is read that is not what its ETag says, until it comes the same way twice. */
const readTries = 4;

export interface CopyPlace {
  readonly store: ObjectStore;
  readonly source: BucketSource;
  readonly writer: SetWriter;
  readonly index: Pick<ObjectIndex, 'find'>;
  readonly proof: EtagProof;
  readonly systems: BackupSystems;
}

export interface Copied {
  readonly key: string;
  /** Undefined when the object has gone. */
  readonly line?: ObjectLine;
  readonly isRead: boolean;
}

/** An object, or a version that is asked for by its id. */
type Entry = ObjectEntry & Partial<Pick<ObjectVersion, 'versionId' | 'isLatest'>>;

/**
 * Stores the content of an object, unless an earlier set has it, and says what there is to know of it.
 * @throws Fault `objects-*`, `repository-*`
 */
export async function copyObject(place: CopyPlace, entry: Entry): Promise<Copied> {
  const { writer, index, systems } = place;
  const { signal, onEvent } = systems;
  const { key } = entry;
  const known = await index.find(entry);
  if (known && (await writer.reuse(known.object, (known.encrypted ?? known).size, signal))) {
    onEvent({ type: 'bytes', bytes: known.size });
    return { key, line: { ...known, tags: await tagsOf(place, entry) }, isRead: false };
  }
  const read = await provenContent(place, entry);
  if (!read) return { key, isRead: true };
  const { object, stored, etagProves } = read;
  const { size, etag, lastModified, metadata } = object;
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
    ...(etagProves !== undefined && { etagProves }),
    // The listing counts finer than what comes with the content; it must be of the same object.
    lastModified: (etag === entry.etag ? entry.lastModified : lastModified).toISOString(),
    metadata,
    tags: await tagsOf(place, entry),
    headers: JSON.parse(JSON.stringify(headers)),
  };
  return { key, line, isRead: true };
}

async function tagsOf(
  { store, source, systems: { signal } }: CopyPlace,
  { key, versionId, isLatest }: Entry,
): Promise<ObjectLine['tags']> {
  if (!source.tags) return null;
  const { bucket } = source.ref;
  const tags = await store.tags(bucket, key, signal, versionId);
  // Some servers do not find the tags of a current version by its id.
  const current = !tags && isLatest && (await store.tags(bucket, key, signal));
  return tags ?? (current || {});
}

interface ReadObject {
  readonly object: ObjectStat;
  readonly stored: StoredObject;
  /** Undefined when it was not looked at. */
  readonly etagProves?: boolean;
}

/**
 * What came as other bytes than its ETag tells is read again: it was altered on its way, or that ETag is
 * no MD5, which two readings that are the same show.
 */
async function provenContent(place: CopyPlace, entry: Entry): Promise<ReadObject | undefined> {
  const { proof, source } = place;
  let before: ReadObject | undefined;
  for (let tries = 1; tries <= readTries; tries++) {
    const read = await readOnce(place, entry);
    if (read?.etagProves) proof.saw(true);
    if (read?.etagProves !== false) return read;
    const isSame =
      before?.object.etag === read.object.etag &&
      before.stored.plain.sha256 === read.stored.plain.sha256;
    if (isSame) {
      proof.saw(false);
      return read;
    }
    before = read;
  }
  throw new Fault(
    'objects-failed',
    `${source.ref.bucket}/${entry.key}: other bytes came each of ${readTries} times, and never those that its ETag tells; something between here and the store alters them`,
  );
}

async function readOnce(place: CopyPlace, entry: Entry): Promise<ReadObject | undefined> {
  const { store, source, writer, proof, systems } = place;
  const { bucket } = source.ref;
  const opened = await open(store, bucket, entry, systems.signal);
  if (!opened) return undefined;
  const { content, ...object } = opened;
  const md5 = proof.canTell(object.etag) && getFips() === 0 ? createHash('md5') : undefined;
  const stored = await writer.object(md5 ? hashed(content, md5) : content, systems.signal);
  if (stored.plain.size !== object.size) {
    const { size } = stored.plain;
    const message = `${bucket}/${entry.key}: ${size} of ${object.size} bytes came`;
    throw new Fault('objects-failed', message);
  }
  return { object, stored, ...(md5 && { etagProves: md5.digest('hex') === object.etag }) };
}

/** Content that a hash is told as it is read. */
function hashed(content: Content, hash: Hash): Content {
  if (content instanceof Uint8Array) {
    hash.update(content);
    return content;
  }
  return (async function* () {
    for await (const chunk of content) {
      hash.update(chunk);
      yield chunk;
    }
  })();
}

async function open(
  store: ObjectStore,
  bucket: string,
  { key, size, versionId }: Entry,
  signal: AbortSignal,
): Promise<(ObjectStat & { readonly content: Content }) | undefined> {
  const which = versionId === undefined ? {} : { versionId };
  if (size <= smallBytes) {
    const whole = await store.read(bucket, key, { ...which, most: smallBytes }, signal);
    if (whole !== 'larger') return whole;
  }
  const object = await store.get(bucket, key, which, signal);
  return object && { ...object, content: object.body };
}
