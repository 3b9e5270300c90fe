import { Readable } from 'node:stream';
import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { sha256Hex } from '../../core/digest.ts';
import { makeBucket } from '../bucket/make-bucket.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import { isFilled, outcomeOf, timed } from '../outcome.ts';
import type { Repository } from '../repository/repository.ts';
import { wholeManifest } from '../set/details.ts';
import type { Manifest, PublishedManifest } from '../set/manifest.ts';
import type { Rehearsal } from '../set/reports.ts';
import { openStore } from '../sources.ts';
import { type BackupSystems, type StepRecord, type Steps, startSteps } from '../systems.ts';
import { fillBeside, prepareBeside } from './beside.ts';
import { compareBucket, fillBucket, formOf } from './bucket.ts';
import { type Filled, filled } from './database.ts';
import { putInPlace } from './in-place.ts';
import { removeMarker } from './marker.ts';
import { bucketOf, planRestore, type RestoreTarget } from './plan.ts';
import { type NamedBucket, restoreMarker } from './target.ts';

export interface Restored {
  /** Of the same form as a rehearsal, for the same things were seen. */
  readonly outcome: Rehearsal;
  /** Whether the database has its name; a set that did not compare equal is not put in place. */
  readonly switched: boolean;
  /** Name under which the database that was there is kept. */
  readonly keptAs: string | null;
  readonly steps: readonly StepRecord[];
}

/**
 * Restores a set as {@link planRestore} said. The database is restored beside, compared, and given its
 * name in one step; until then the target is as it was, whatever happens.
 * @throws Fault `restore-environment` before anything was written, `database-*`, `objects-*`, `repository-*`, `identity-*`
 */
export async function restoreSet(
  set: { readonly manifest: PublishedManifest; readonly digest: string },
  target: RestoreTarget,
  repository: Repository,
  systems: BackupSystems,
): Promise<Restored> {
  const steps = startSteps(systems);
  const plan = await planRestore(set.manifest, target, systems);
  const whole = await wholeManifest(set.manifest, repository, systems.signal);
  if ('damage' in whole) {
    const nothing = { database: false, buckets: [], server: null, steps };
    const result: Filled = { ...filled, damage: [whole.damage] };
    const outcome = outcomeOf({ of: set, ...nothing, results: [result] }, systems);
    return { outcome, switched: false, keptAs: null, steps: steps.records };
  }
  const { manifest } = whole;
  const { selection = null } = target;
  const results: Filled[] = [];
  // What the server lacks is known before anything is written for good.
  const beside = target.database
    ? await prepareBeside(manifest, target.database, selection, repository, steps, systems)
    : undefined;
  for (const bucket of target.buckets) {
    results.push(await restoreBucket(manifest, bucket, repository, steps, systems));
  }
  if (beside) {
    results.push(
      'damage' in beside
        ? { ...filled, damage: [beside.damage] }
        : await fillBeside(beside, repository, steps, systems),
    );
  }
  const prepared = beside && 'scratch' in beside ? beside : undefined;
  const outcome = outcomeOf(
    {
      of: set,
      database: beside !== undefined,
      buckets: target.buckets.map(({ of }) => bucketOf(manifest, of)),
      server: prepared?.scratch.identity ?? null,
      results,
      steps,
    },
    systems,
  );
  let keptAs: string | null = null;
  // What could not be compared is said; it does not keep a restore from being one.
  const switched = prepared !== undefined && outcome.verdict !== 'bad';
  if (target.database && switched) {
    const { name, server } = target.database;
    const { replaces } = plan;
    const fresh = prepared.scratch.name;
    const names = { fresh, name, set: manifest.set, replaces };
    keptAs = await steps.run('switch', () => putInPlace(server, names, systems));
  }
  // Until all of it is in place, the same command takes up again what it finds of its own.
  if (outcome.verdict !== 'bad') {
    for (const bucket of target.buckets) await unmark(bucket, systems);
  }
  return { outcome, switched, keptAs, steps: steps.records };
}

async function unmark({ place, name }: NamedBucket, systems: BackupSystems): Promise<void> {
  const { store } = await openStore(place, systems);
  try {
    await removeMarker({ store, bucket: name }, systems.signal);
  } finally {
    store.close();
  }
}

async function restoreBucket(
  manifest: Manifest,
  { of, place, name }: NamedBucket,
  repository: Repository,
  steps: Steps,
  systems: BackupSystems,
): Promise<Filled> {
  const part = bucketOf(manifest, of);
  const { store } = await openStore(place, systems);
  const target = { store, bucket: name, isScratch: false };
  try {
    const form = await formOf(manifest, part, repository, systems.signal);
    await makeBucket(store, name, form, systems.signal);
    await mark(store, name, manifest.set, systems.signal);
    const result = await steps.run(timed.bucket, () =>
      fillBucket(manifest, part, repository, target, systems),
    );
    if (!isFilled(result)) return result;
    return await steps.run(timed.compare, () =>
      compareBucket(manifest, part, repository, target, systems),
    );
  } finally {
    store.close();
  }
}

async function mark(
  store: ObjectStore,
  bucket: string,
  set: string,
  signal: AbortSignal,
): Promise<void> {
  const content = Buffer.from(restoreMarker(set));
  const options = { size: content.length, sha256: sha256Hex(content) };
  await store.put(bucket, markerKey, Readable.from([content]), options, signal);
}
