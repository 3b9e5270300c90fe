import { expectedOf, readContents, readListing, readSums } from './bucket/listing.ts';
import { damageOf, type Expected } from './meter.ts';
import type { Reading } from './reading.ts';
import { digestOfObject, objectKey, type Repository } from './repository/repository.ts';
import { fileAt, type ObjectLine, type PublishedManifest, type SetFile } from './set/manifest.ts';
import { setKey } from './set/set-id.ts';
import { inOrder } from './systems.ts';

const width = 4;

/** Reads every object that a set counts on, each once. */
export async function verifyObjects(
  manifest: PublishedManifest,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const isOpen = manifest.encryption === null || repository.identities !== undefined;
  const seen = new Set<string>();
  const isNew = (object: string) => seen.size < seen.add(object).size;
  for (const part of manifest.buckets.flatMap(listedParts)) {
    const [listing, sums] = [fileAt(manifest, part.listing), fileAt(manifest, part.sums)];
    const place = { set: manifest.set, lines: part.lines, listing, sums, repository, signal };
    // Without an identity, the sums name the objects.
    const [by, named] = isOpen
      ? [listing, listedObjects(place, reading)]
      : [sums, sealedObjects(place)];
    const path = setKey(manifest.set, by.path);
    await readObjects({ path, named, count: part.objects }, isNew, reading);
  }
}

/** A listing of a bucket, and the sums of its objects in the same order. */
interface ListedPart {
  readonly listing: string;
  readonly sums: string;
  readonly objects: number;
  /** Key, object and digests of each line that has content. */
  readonly lines: typeof readListing;
}

function listedParts(bucket: PublishedManifest['buckets'][number]): ListedPart[] {
  const { versions } = bucket;
  return [
    { ...bucket, lines: readListing },
    ...(versions ? [{ ...versions, objects: versions.count, lines: readContents }] : []),
  ];
}

interface PartPlace extends Pick<ListedPart, 'lines'> {
  readonly set: string;
  readonly listing: SetFile;
  readonly sums: SetFile;
  readonly repository: Repository;
  readonly signal: AbortSignal;
}

/** What a line names. */
interface NamedObject {
  /** Undefined where the line gives it a place that cannot be its own. */
  readonly object: string | undefined;
  /** Null where only the digest of the stored bytes is known. */
  readonly expected: Expected | null;
}

async function* sealedObjects(place: PartPlace): AsyncGenerator<NamedObject> {
  const { repository, set, sums, signal } = place;
  for await (const object of readSums(repository, set, sums, signal)) {
    yield { object, expected: null };
  }
}

async function* listedObjects(place: PartPlace, reading: Reading): AsyncGenerator<NamedObject> {
  const { repository, set, listing, sums, lines, signal } = place;
  const summed = readSums(repository, set, sums, signal);
  let number = 0;
  for await (const line of lines(repository, set, listing, signal)) {
    number += 1;
    const { value } = await summed.next();
    if (value !== line.object) {
      const wrong = `its line ${number} is not that of the listing`;
      reading.problem(setKey(set, sums.path), wrong);
    }
    const isPlaced = isPlaceOf(line);
    if (!isPlaced) {
      const wrong = `it gives ${line.key} a place that is not that of its digest`;
      reading.problem(setKey(set, listing.path), wrong);
    }
    yield { object: isPlaced ? line.object : undefined, expected: expectedOf(line) };
  }
}

const isPlaceOf = ({ object, sha256, encrypted }: ObjectLine): boolean =>
  encrypted ? digestOfObject(object) === encrypted.sha256 : object === objectKey(sha256);

interface NamingFile {
  /** In the repository. */
  readonly path: string;
  readonly named: AsyncIterable<NamedObject>;
  /** How many lines it has to have. */
  readonly count: number;
}

async function readObjects(
  { path, named, count }: NamingFile,
  isNew: (object: string) => boolean,
  reading: Reading,
): Promise<void> {
  let found = 0;
  const once = async function* () {
    for await (const { object, expected } of named) {
      found += 1;
      if (object !== undefined && isNew(object)) yield { object, expected };
    }
  };
  const read = ({ object, expected }: { object: string; expected: Expected | null }) =>
    reading.object(object, expected);
  try {
    for await (const _ of inOrder(once(), width, read));
  } catch (error) {
    // What is wrong with the file itself has been said with the files of the set.
    if (damageOf(error) === undefined) throw error;
    return;
  }
  if (found !== count) {
    reading.problem(path, `it has ${found} objects where the manifest says ${count}`);
  }
}
