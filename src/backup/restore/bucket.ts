import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { atMost } from '../at-most.ts';
import { type BucketSettings, restoreSettings, settingsSchema } from '../bucket/bucket-settings.ts';
import { readListing } from '../bucket/listing.ts';
import type { BucketForm } from '../bucket/make-bucket.ts';
import { isLocked } from '../bucket/protection-documents.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import { smallBytes, smallWidth } from '../bucket/small-objects.ts';
import { damageOf, unpacked } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import { type BucketPart, fileAt, type Manifest, type ObjectLine } from '../set/manifest.ts';
import type { Difference, Problem } from '../set/reports.ts';
import { setKey } from '../set/set-id.ts';
import { type BackupSystems, inOrder } from '../systems.ts';
import { fillVersions, keepVersions } from './bucket-versions.ts';
import { compareObject, named } from './compare-object.ts';
import { compareVersions } from './compare-versions.ts';
import { type Filled, filled } from './database.ts';
import { uploadObject } from './upload-object.ts';

/** How many others are at a time, each with the parts that are on their way. */
const largeWidth = 6;
const shownDifferences = 100;

export interface BucketTarget {
  readonly store: ObjectStore;
  readonly bucket: string;
  /** What protects a version would keep it from being removed again. */
  readonly isScratch: boolean;
}

/** Uploads the objects of a bucket of a set, each checked on its way: its versions, where the set has them. */
export async function fillBucket(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  target: BucketTarget,
  systems: BackupSystems,
): Promise<Filled> {
  const { name, versions } = part;
  if (!versions) return fillCurrent(manifest, part, repository, target, systems);
  const isPlain = versions.markers === 0 && versions.count === part.objects;
  const why = isPlain ? undefined : await keepVersions(target.store, target.bucket, systems.signal);
  if (why === undefined) {
    return fillVersions(manifest, versions, repository, target, systems);
  }
  const current = await fillCurrent(manifest, part, repository, target, systems);
  return { ...current, lacking: [{ what: `earlier versions of the objects of ${name}`, why }] };
}

async function fillCurrent(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  target: BucketTarget,
  systems: BackupSystems,
): Promise<Filled> {
  const { signal } = systems;
  const listing = fileAt(manifest, part.listing);
  // Several keys may have the same content.
  const damage = new Map<string, Problem>();
  systems.onEvent({ type: 'expected', bytes: part.bytes });
  // That the bucket looked empty is no proof that a key is free.
  const free = { ifAbsent: true };
  const upload = bySize((line) => uploadObject(line, repository, target, systems, free));
  try {
    const lines = readListing(repository, manifest.set, listing, signal);
    for await (const problem of inOrder(lines, smallWidth, upload)) {
      if (problem) damage.set(problem.path, problem);
    }
  } catch (error) {
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    const path = setKey(manifest.set, listing.path);
    damage.set(path, { path, problem });
  }
  return { ...filled, damage: [...damage.values()] };
}

/** Large objects wait for others of their kind, small ones for nobody. */
function bySize<T>(work: (line: ObjectLine) => Promise<T>): (line: ObjectLine) => Promise<T> {
  const large = atMost(largeWidth);
  return (line) => (line.size > smallBytes ? large(() => work(line)) : work(line));
}

/** What of a bucket of a set can only be chosen when one is made; nothing where its settings are damaged. */
export async function formOf(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  signal: AbortSignal,
): Promise<BucketForm> {
  const settings = await settingsOf(manifest, part, repository, signal);
  return { objectLock: !('problem' in settings) && isLocked(settings.documents.lock.text) };
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
  target: BucketTarget,
  systems: BackupSystems,
): Promise<Filled> {
  const { store, bucket } = target;
  const { signal } = systems;
  const settings = await settingsOf(manifest, part, repository, signal);
  if ('problem' in settings) return { ...filled, damage: [settings] };
  const put = await restoreSettings(settings, store, bucket, signal);
  const { name, versions } = part;
  const found = versions
    ? await compareVersions(
        manifest,
        { ...versions, name },
        repository,
        target,
        systems,
        shownDifferences,
      )
    : {
        differences: await compareCurrent(manifest, part, repository, target, signal),
        lacking: [],
        notes: [],
      };
  return {
    ...filled,
    differences: [...put.differences, ...found.differences],
    lacking: [...put.lacking, ...found.lacking],
    notes: found.notes,
  };
}

async function compareCurrent(
  manifest: Pick<Manifest, 'set' | 'files'>,
  part: BucketPart,
  repository: Repository,
  target: BucketTarget,
  signal: AbortSignal,
): Promise<Difference[]> {
  const { store, bucket } = target;
  const extra = new Set<string>();
  for await (const { key } of (await store.list(bucket, '', signal)) ?? []) {
    if (key !== markerKey) extra.add(key);
  }
  const differences: Difference[] = [];
  const look = bySize((line): Promise<Difference[]> => {
    extra.delete(line.key);
    return compareObject(part.name, line, target, signal);
  });
  const lines = readListing(repository, manifest.set, fileAt(manifest, part.listing), signal);
  for await (const found of inOrder(lines, smallWidth, look)) {
    if (differences.length < shownDifferences) differences.push(...found);
  }
  for (const key of extra) {
    differences.push({ ...named(part.name, key), expected: 'missing', found: 'present' });
  }
  return differences;
}
