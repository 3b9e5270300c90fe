import { pipeline, type Readable } from 'node:stream';
import { expectedOf, readContents, readListing, readSums } from './bucket/listing.ts';
import { damageOf, type Expected, type Meter, meter, unpacked } from './meter.ts';
import { digestOfObject, objectKey, type Repository, readWhole } from './repository/repository.ts';
import {
  fileAt,
  manifestText,
  type ObjectLine,
  type PublishedManifest,
  setSums,
} from './set/manifest.ts';
import type { Problem, Verification } from './set/reports.ts';
import { setFiles, setKey } from './set/set-id.ts';
import type { OpenedSet } from './set/sets.ts';
import { type BackupSystems, inOrder, startSteps } from './systems.ts';

const width = 4;

/**
 * Reads every byte of a set and the objects it counts on: as they are stored, and, unless they are
 * encrypted and no identity is there, as they were before. Restores nothing: that the bytes make a
 * database again only a rehearsal shows.
 * @throws Fault `repository-*`, `objects-*`, `identity-wrong`; the signal's reason
 */
export async function verifySet(
  opened: OpenedSet,
  repository: Repository,
  systems: BackupSystems,
): Promise<Verification> {
  const { clock, toolVersion } = systems;
  const began = clock.monotonic();
  const reading = startReading(repository, systems);
  const { manifest } = opened;
  if (manifest) {
    await startSteps(systems).run('verify', async () => {
      systems.onEvent({ type: 'expected', bytes: bytesOf(manifest) });
      await readAll(manifest, repository, reading, systems.signal);
    });
  } else reading.problem(setKey(opened.set, setFiles.manifest), opened.problem);
  return {
    formatVersion: 1,
    set: opened.set,
    manifest: opened.manifest ? opened.digest : null,
    at: clock.now().toISOString(),
    tool: { name: 'deploycheck', version: toolVersion },
    signature: null,
    verdict: reading.problems.length === 0 ? 'good' : 'bad',
    ...reading.counts,
    opened: !opened.manifest?.encryption || repository.identities !== undefined,
    durationMs: Math.round(clock.monotonic() - began),
    problems: reading.problems,
  };
}

/** Of all files, and of the objects as often as a bucket names them. */
const bytesOf = ({ files, buckets }: PublishedManifest): number =>
  files.reduce((sum, { stored }) => sum + stored.size, 0) +
  buckets.reduce((sum, { bytes }) => sum + bytes, 0);

interface Reading {
  readonly problems: readonly Problem[];
  readonly counts: { readonly files: number; readonly objects: number; readonly bytes: number };
  problem(path: string, text: string): void;
  file(key: string, expected: Expected): Promise<void>;
  /** @param expected null where only the digest of the stored bytes is known */
  object(key: string, expected: Expected | null): Promise<void>;
}

function startReading(repository: Repository, { signal, onEvent }: BackupSystems): Reading {
  const problems: Problem[] = [];
  const counts = { files: 0, objects: 0, bytes: 0 };
  const read = async (key: string, expected: Expected | null) => {
    const stored = await repository.get(key, signal);
    if (!stored) return void problems.push({ path: key, problem: 'it is missing' });
    const onBytes = (bytes: number) => {
      counts.bytes += bytes;
      onEvent({ type: 'bytes', bytes });
    };
    const outer = meter({ onBytes });
    pipeline(stored, outer, () => undefined);
    const wrong = expected
      ? await damageIn(unpacked(outer, readable(expected, repository), repository))
      : await wrongDigest(key, outer);
    signal.throwIfAborted();
    if (wrong !== undefined) problems.push({ path: key, problem: wrong });
  };
  return {
    problems,
    counts,
    problem: (path, problem) => problems.push({ path, problem }),
    file(key, expected) {
      counts.files += 1;
      return read(key, expected);
    },
    object(key, expected) {
      counts.objects += 1;
      return read(key, expected);
    },
  };
}

/** What of it can be checked: without an identity, what is encrypted is bytes like others. */
function readable(expected: Expected, { identities }: Repository): Expected {
  if (expected.encryption === null || identities) return expected;
  return { ...expected, plain: expected.stored, compression: null, encryption: null };
}

async function wrongDigest(key: string, stored: Meter): Promise<string | undefined> {
  for await (const _ of stored);
  const { sha256 } = stored.extent();
  return sha256 === digestOfObject(key)
    ? undefined
    : `it is not what was written: SHA-256 ${sha256}`;
}

/** Reads to the end. @returns what is wrong with the content; other errors are thrown */
export async function damageIn(content: Readable): Promise<string | undefined> {
  try {
    for await (const _ of content);
    return undefined;
  } catch (error) {
    const damage = damageOf(error);
    if (damage === undefined) throw error;
    return damage;
  }
}

async function readAll(
  manifest: PublishedManifest,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const { set } = manifest;
  const sumsKey = setKey(set, setFiles.sums);
  const text = await readWhole(repository, setKey(set, setFiles.manifest), signal);
  const sums = await readWhole(repository, sumsKey, signal);
  if (!sums) reading.problem(sumsKey, 'it is missing');
  const signed = manifest.signature !== null;
  const signatureKey = setKey(set, setFiles.signature);
  const signature = signed ? await readWhole(repository, signatureKey, signal) : null;
  if (signature === undefined) reading.problem(signatureKey, 'it is missing');
  else if (sums) {
    const expected = setSums(manifest.files, text ?? manifestText(manifest), signature);
    if (sums.toString('utf8') !== expected) {
      reading.problem(sumsKey, 'it does not fit manifest and signature: one of them was changed');
    }
  }
  for (const file of manifest.files) await reading.file(setKey(set, file.path), file);

  const expected = new Set([
    setFiles.manifest,
    setFiles.sums,
    ...(signed ? [setFiles.signature] : []),
    ...manifest.files.map((f) => f.path),
  ]);
  for await (const { key } of repository.list(setKey(set, ''), signal)) {
    if (!expected.has(key.slice(setKey(set, '').length))) {
      reading.problem(key, 'it is no part of the set');
    }
  }
  const seen = new Set<string>();
  const opened = manifest.encryption === null || repository.identities !== undefined;
  const readObjects = opened ? readListed : readSealed;
  for (const bucket of manifest.buckets) {
    for (const part of listedParts(bucket)) {
      await readObjects(manifest, part, seen, repository, reading, signal);
    }
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

/** Without an identity, the sums name the objects. */
async function readSealed(
  manifest: PublishedManifest,
  part: ListedPart,
  seen: Set<string>,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const sums = fileAt(manifest, part.sums);
  let objects = 0;
  const once = async function* () {
    for await (const key of readSums(repository, manifest.set, sums, signal)) {
      objects += 1;
      if (seen.has(key)) continue;
      seen.add(key);
      yield key;
    }
  };
  const check = (key: string) => reading.object(key, null);
  try {
    for await (const _ of inOrder(once(), width, check));
  } catch (error) {
    if (damageOf(error) === undefined) throw error;
    return;
  }
  requireCount(reading, setKey(manifest.set, sums.path), objects, part.objects);
}

function requireCount(reading: Reading, path: string, found: number, expected: number): void {
  if (found === expected) return;
  reading.problem(path, `it has ${found} objects where the manifest says ${expected}`);
}

async function readListed(
  manifest: PublishedManifest,
  part: ListedPart,
  seen: Set<string>,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const listing = fileAt(manifest, part.listing);
  const listingKey = setKey(manifest.set, listing.path);
  const sums = fileAt(manifest, part.sums);
  const sumsKey = setKey(manifest.set, sums.path);
  let objects = 0;
  const once = async function* () {
    const named = readSums(repository, manifest.set, sums, signal);
    for await (const line of part.lines(repository, manifest.set, listing, signal)) {
      objects += 1;
      const { value } = await named.next();
      if (value !== line.object) {
        reading.problem(sumsKey, `its line ${objects} is not that of the listing`);
      }
      if (!isPlaceOf(line)) {
        reading.problem(listingKey, `it gives ${line.key} a place that is not that of its digest`);
      } else if (!seen.has(line.object)) {
        seen.add(line.object);
        yield line;
      }
    }
  };
  const check = (line: ObjectLine) => reading.object(line.object, expectedOf(line));
  try {
    for await (const _ of inOrder(once(), width, check));
  } catch (error) {
    // What is wrong with the listing itself has been said with the files of the set.
    if (damageOf(error) === undefined) throw error;
    return;
  }
  requireCount(reading, listingKey, objects, part.objects);
}

const isPlaceOf = ({ object, sha256, encrypted }: ObjectLine): boolean =>
  encrypted ? digestOfObject(object) === encrypted.sha256 : object === objectKey(sha256);
