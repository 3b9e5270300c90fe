import type { ObjectStore, Protection } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import { readVersions } from '../bucket/listing.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import type { ContentLine, VersionLine } from '../bucket/version-line.ts';
import { damageOf } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import { fileAt, type Manifest } from '../set/manifest.ts';
import type { Problem } from '../set/reports.ts';
import { setKey } from '../set/set-id.ts';
import { type BackupSystems, inOrder } from '../systems.ts';
import type { BucketTarget } from './bucket.ts';
import { type Filled, filled } from './database.ts';
import { uploadObject } from './upload-object.ts';

const width = 6;

export interface KeptVersions {
  /** Name of the bucket in the set. */
  readonly name: string;
  /** Path of their listing. */
  readonly listing: string;
}

/**
 * Makes the versions and delete markers of a bucket of a set again: for each key in their order, keys beside
 * each other. What a restore that broke off made is counted, and not made twice.
 */
export async function fillVersions(
  manifest: Pick<Manifest, 'set' | 'files'>,
  { listing }: Pick<KeptVersions, 'listing'>,
  repository: Repository,
  target: BucketTarget,
  systems: BackupSystems,
): Promise<Filled> {
  const { signal, clock } = systems;
  const { store, bucket } = target;
  const damage = new Map<string, Problem>();
  const isFresh = !(await holdsVersions(store, bucket, signal));
  const make = async (line: VersionLine): Promise<void> => {
    if (line.kind === 'delete-marker') {
      await store.remove(bucket, line.key, {}, signal);
      return;
    }
    const protection = target.isScratch ? {} : protectionOf(line, clock.now());
    const problem = await uploadObject(line, repository, target, systems, protection);
    if (problem) damage.set(problem.path, problem);
  };
  let last: { readonly key: string; readonly before: Promise<number> } | undefined;
  /** After the version before it. Resolves with how many more of the key are there already. */
  const inTurn = (line: VersionLine): Promise<number> => {
    const { key } = line;
    const countThere = async () => (isFresh ? 0 : countOf(store, bucket, key, signal));
    const earlier = last?.key === key ? last.before : countThere();
    const before = earlier.then(async (there) => {
      if (there > 0) return there - 1;
      await make(line);
      return 0;
    });
    last = { key, before };
    return before;
  };
  const file = fileAt(manifest, listing);
  try {
    const lines = readVersions(repository, manifest.set, file, signal);
    for await (const _ of inOrder(lines, width, inTurn));
  } catch (error) {
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    const path = setKey(manifest.set, file.path);
    damage.set(path, { path, problem });
  }
  return { ...filled, damage: [...damage.values()] };
}

/** What still keeps a version: a store takes no retention that is over. */
export function protectionOf(
  { protection }: Pick<ContentLine, 'protection'>,
  now: Date,
): Partial<Protection> {
  const { retention, legalHold = false } = protection ?? {};
  const until = retention && new Date(retention.until);
  return {
    ...(legalHold ? { legalHold } : {}),
    ...(retention && until && until > now ? { retention: { mode: retention.mode, until } } : {}),
  };
}

async function holdsVersions(
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const { key } of (await store.listVersions(bucket, '', signal)) ?? []) {
    if (key !== markerKey) return true;
  }
  return false;
}

async function countOf(
  store: ObjectStore,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for await (const _ of (await store.versionsOf(bucket, key, signal)) ?? []) count += 1;
  return count;
}

/** @returns why the store does not keep versions in this bucket */
export async function keepVersions(
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const set = await store.setVersioning(bucket, 'enabled', signal);
    return set === 'set' ? undefined : 'there is no such bucket';
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault) || error.code === 'objects-unreachable') throw error;
    return error.message;
  }
}
