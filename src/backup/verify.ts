import type { Readable } from 'node:stream';
import { readListing } from './listing.ts';
import { type BucketPart, fileAt, type Manifest, manifestText, setSums } from './manifest.ts';
import { damageOf, type Expected, unpacked } from './meter.ts';
import type { Problem, Verification } from './reports.ts';
import { objectKey, type Repository, readWhole } from './repository.ts';
import { setFiles, setKey } from './set-id.ts';
import type { OpenedSet } from './sets.ts';
import { type BackupSystems, inOrder } from './systems.ts';

const width = 4;

/**
 * Reads every byte of a set, stored and plain, and the objects it counts on. Restores nothing: that
 * the bytes make a database again only a rehearsal shows.
 * @throws Fault `repository-*`, `objects-*`; the signal's reason
 */
export async function verifySet(
  opened: OpenedSet,
  repository: Repository,
  systems: BackupSystems,
): Promise<Verification> {
  const { clock, toolVersion } = systems;
  const began = clock.monotonic();
  const reading = startReading(repository, systems);
  if (opened.manifest) await readAll(opened.manifest, repository, reading, systems.signal);
  else reading.problem(setKey(opened.set, setFiles.manifest), opened.problem);
  return {
    formatVersion: 1,
    set: opened.set,
    manifest: opened.manifest ? opened.digest : null,
    at: clock.now().toISOString(),
    tool: { name: 'deploycheck', version: toolVersion },
    signature: null,
    verdict: reading.problems.length === 0 ? 'good' : 'bad',
    ...reading.counts,
    durationMs: Math.round(clock.monotonic() - began),
    problems: reading.problems,
  };
}

interface Reading {
  readonly problems: readonly Problem[];
  readonly counts: { readonly files: number; readonly objects: number; readonly bytes: number };
  problem(path: string, text: string): void;
  file(key: string, expected: Expected): Promise<void>;
  object(key: string, expected: Expected): Promise<void>;
}

function startReading(repository: Repository, { signal, onEvent }: BackupSystems): Reading {
  const problems: Problem[] = [];
  const counts = { files: 0, objects: 0, bytes: 0 };
  const read = async (key: string, expected: Expected) => {
    const stored = await repository.get(key, signal);
    if (!stored) return void problems.push({ path: key, problem: 'it is missing' });
    const wrong = await damageIn(unpacked(stored, expected));
    signal.throwIfAborted();
    if (wrong !== undefined) problems.push({ path: key, problem: wrong });
    counts.bytes += expected.stored.size;
    onEvent({ type: 'bytes', bytes: expected.stored.size });
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
  manifest: Manifest,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const { set } = manifest;
  const sumsKey = setKey(set, setFiles.sums);
  const text = await readWhole(repository, setKey(set, setFiles.manifest), signal);
  const sums = await readWhole(repository, sumsKey, signal);
  if (!sums) reading.problem(sumsKey, 'it is missing');
  else if (sums.toString('utf8') !== setSums(manifest.files, text ?? manifestText(manifest))) {
    reading.problem(sumsKey, 'it does not fit the manifest: one of the two was changed');
  }
  for (const file of manifest.files) await reading.file(setKey(set, file.path), file);

  const expected = new Set([
    setFiles.manifest,
    setFiles.sums,
    ...manifest.files.map((f) => f.path),
  ]);
  for await (const { key } of repository.list(setKey(set, ''), signal)) {
    if (!expected.has(key.slice(setKey(set, '').length))) {
      reading.problem(key, 'it is no part of the set');
    }
  }
  const seen = new Set<string>();
  for (const bucket of manifest.buckets)
    await readBucket(manifest, bucket, seen, repository, reading, signal);
}

async function readBucket(
  manifest: Manifest,
  bucket: BucketPart,
  seen: Set<string>,
  repository: Repository,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const listing = fileAt(manifest, bucket.listing);
  const listingKey = setKey(manifest.set, listing.path);
  let objects = 0;
  const once = async function* () {
    for await (const line of readListing(repository, manifest.set, listing, signal)) {
      objects += 1;
      if (line.object !== objectKey(line.sha256)) {
        reading.problem(listingKey, `it gives ${line.key} a place that is not that of its digest`);
      } else if (!seen.has(line.object)) {
        seen.add(line.object);
        yield line;
      }
    }
  };
  const check = ({ object, size, sha256 }: { object: string; size: number; sha256: string }) => {
    const extent = { size, sha256 };
    return reading.object(object, { stored: extent, plain: extent, compression: null });
  };
  try {
    for await (const _ of inOrder(once(), width, check));
  } catch (error) {
    // What is wrong with the listing itself has been said with the files of the set.
    if (damageOf(error) === undefined) throw error;
    return;
  }
  if (objects !== bucket.objects) {
    reading.problem(
      listingKey,
      `it has ${objects} objects where the manifest says ${bucket.objects}`,
    );
  }
}
