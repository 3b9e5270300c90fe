import { Readable } from 'node:stream';
import { Fault } from '../../core/fault.ts';
import type { ReferencedKeys } from '../database/references.ts';
import type { BucketPart, Missing } from '../set/manifest.ts';
import type { SetWriter } from '../set/set-writer.ts';
import { written } from '../set/text-file.ts';
import { type BucketSource, openStore } from '../sources.ts';
import { type BackupSystems, inOrder, together } from '../systems.ts';
import { bucketMissing } from './bucket-missing.ts';
import { readSettings } from './bucket-settings.ts';
import { type Copied, type CopyPlace, copyObject } from './copy-object.ts';
import { etagProof } from './etag-proof.ts';
import { sumsLine } from './listing.ts';
import { namedObjects } from './named-objects.ts';
import type { ObjectIndex } from './object-index.ts';
import { smallWidth } from './small-objects.ts';
import { transferText } from './transfer.ts';
import { startVersions, type VersionsBackup } from './versions-backup.ts';

export interface BucketPlace {
  readonly writer: SetWriter;
  readonly index: ObjectIndex;
}

export interface BackedUpBucket {
  readonly part: BucketPart;
  /** What the set does not have of it. */
  readonly missing: readonly Missing[];
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
): Promise<BackedUpBucket> {
  const { signal } = systems;
  const { store, endpoint } = await openStore(source.ref, systems);
  const { bucket } = source.ref;
  try {
    const proof = etagProof(endpoint);
    const place = { store, source, writer, index, proof, systems };
    const name = `buckets/${number}-${source.name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}`;
    const versions = source.versions ? await startVersions(place, name) : undefined;
    const copied = versions?.copied ?? (await listedObjects(place));
    if (!copied) throw noBucket(endpoint, bucket);
    const unseen = references.filter((entry) => entry.bucket === source.name);
    const vanished: string[] = [];
    let objects = 0;
    let bytes = 0;
    let unread = 0;
    const etags = { proven: 0, other: 0 };
    // All at once: whoever writes an encrypted listing cannot read it again.
    const settings = await readSettings(store, bucket, signal);
    const [listing, transfer, sums] = [
      written(writer, `${name}.jsonl`),
      written(writer, `${name}.curl`),
      written(writer, `${name}.sha256`, { open: true }),
    ];
    const copyAll = async () => {
      const all = alsoNamed(copied, namedObjects(place, unseen), versions);
      for await (const { key, line, isRead } of all) {
        if (!line) {
          vanished.push(key);
          continue;
        }
        for (const reference of unseen) reference.unseen.delete(line.key);
        objects += 1;
        bytes += line.size;
        if (!isRead) unread += 1;
        if (line.etagProves) etags.proven += 1;
        if (line.etagProves === false) etags.other += 1;
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
    const part: BucketPart = {
      name: source.name,
      endpoint,
      bucket,
      prefix: source.prefix,
      objects,
      bytes,
      unread,
      etags,
      listing: files[0].path,
      transfer: files[1].path,
      settings: kept.path,
      sums: files[2].path,
      ...(versions && { versions: versions.part() }),
      vanished,
    };
    return { part, missing: bucketMissing(part, source, settings) };
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

async function listedObjects(
  place: CopyPlace & BucketPlace,
): Promise<AsyncIterable<Copied> | undefined> {
  const { store, source, index, systems } = place;
  const entries = await store.list(source.ref.bucket, source.prefix, systems.signal);
  return (
    entries &&
    kept(
      inOrder(entries, smallWidth, (entry) => copyObject(place, entry)),
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
