import type { DatabaseSettings } from '../adapters/postgres/postgres.ts';
import { createScratchBucket } from './bucket/scratch-bucket.ts';
import { compareDatabase } from './database/compare-database.ts';
import { lackingOn } from './database/environment.ts';
import { createScratchDatabase, type ScratchDatabase } from './database/scratch-database.ts';
import { isFilled, outcomeOf, timed } from './outcome.ts';
import type { Repository } from './repository/repository.ts';
import { compareBucket, fillBucket, formOf } from './restore/bucket.ts';
import { type Filled, fillDatabase, filled } from './restore/database.ts';
import { wholeManifest } from './set/details.ts';
import type { BucketPart, DatabasePart, Manifest, PublishedManifest } from './set/manifest.ts';
import type { Rehearsal } from './set/reports.ts';
import { type BucketRef, type DatabaseRef, openStore } from './sources.ts';
import { type BackupSystems, type StepRecord, type Steps, startSteps } from './systems.ts';

/** Where a set is rehearsed. */
export interface Stage {
  /** Any database of the server; null when none is known. */
  readonly server: DatabaseRef | null;
  /** Store for scratch buckets, by the name the set gives its bucket. */
  readonly stores: ReadonlyMap<string, Pick<BucketRef, 'endpoint' | 'credentials'>>;
  /** What is looked at besides, once all was restored. */
  readonly more?: readonly CopyCheck[];
}

/** Looks at a restored copy for more than whether it is equal. */
export interface CopyCheck {
  /** The step it is timed as. */
  readonly name: string;
  run(settings: DatabaseSettings, systems: BackupSystems): Promise<Filled>;
}

export interface Rehearsed {
  readonly rehearsal: Rehearsal;
  readonly steps: readonly StepRecord[];
}

/**
 * Restores a set into a scratch database and scratch buckets and compares them with what the set says
 * its source held. Nothing else is written to; the scratch goes with the scope.
 * @throws Fault `database-*`, `objects-*`, `repository-*`, `tool-missing`, `client-too-old`,
 *   `identity-missing`, `identity-wrong`
 */
export async function rehearseSet(
  set: { readonly manifest: PublishedManifest; readonly digest: string },
  stage: Stage,
  repository: Repository,
  systems: BackupSystems,
): Promise<Rehearsed> {
  const steps = startSteps(systems);
  const results: Filled[] = [];
  const whole = await wholeManifest(set.manifest, repository, systems.signal);
  if ('damage' in whole) {
    const nothing = { database: false, buckets: [], server: null, steps };
    const result: Filled = { ...filled, damage: [whole.damage] };
    const rehearsal = outcomeOf({ of: set, ...nothing, results: [result] }, systems);
    return { rehearsal, steps: steps.records };
  }
  const { manifest } = whole;
  let server: Rehearsal['server'] = null;
  if (manifest.database) {
    const part = { ...manifest, database: manifest.database };
    const tried = await rehearseDatabase(part, stage, repository, steps, systems);
    server = tried.server;
    results.push(tried.result);
  }
  for (const bucket of manifest.buckets) {
    results.push(await rehearseBucket(manifest, bucket, stage, repository, steps, systems));
  }
  const asked = { database: manifest.database !== null, buckets: manifest.buckets };
  const rehearsal = outcomeOf({ of: set, ...asked, server, results, steps }, systems);
  return { rehearsal, steps: steps.records };
}

const lacks = (what: string, why: string): Filled => ({ ...filled, lacking: [{ what, why }] });

async function rehearseDatabase(
  manifest: Manifest & { readonly database: DatabasePart },
  { server, more = [] }: Stage,
  repository: Repository,
  steps: Steps,
  systems: BackupSystems,
): Promise<{ readonly server: Rehearsal['server']; readonly result: Filled }> {
  if (!server) {
    return { server: null, result: lacks('a database server', 'none is named to rehearse on') };
  }
  const { adapters, signal } = systems;
  const created = await steps.run('scratch database', () =>
    createScratchDatabase(server, manifest.database.locale, systems),
  );
  if (!created.ok) return { server: null, result: { ...filled, lacking: [created.lacking] } };
  const scratch: ScratchDatabase = created.value;
  const postgres = await adapters.postgres();
  const lacking = await steps.run('environment', async () => {
    await using connection = await postgres.connect(scratch.settings, signal);
    return await lackingOn(connection, manifest.database, signal);
  });
  const { identity } = scratch;
  if (lacking.length > 0) return { server: identity, result: { ...filled, lacking } };
  const target = { settings: scratch.settings, serverVersion: identity.serverVersion };
  const result = await fillDatabase(manifest, repository, target, steps, systems);
  const compared = isFilled(result)
    ? await steps.run(timed.compare, () => compareDatabase(manifest, repository, scratch, systems))
    : result;
  const seen = [compared];
  for (const { name, run } of isFilled(result) ? more : []) {
    seen.push(await steps.run(name, () => run(scratch.settings, systems)));
  }
  return { server: identity, result: joined(seen) };
}

const joined = (parts: readonly Filled[]): Filled => ({
  damage: parts.flatMap(({ damage }) => damage),
  differences: parts.flatMap(({ differences }) => differences),
  lacking: parts.flatMap(({ lacking }) => lacking),
  notes: parts.flatMap(({ notes }) => notes),
});

async function rehearseBucket(
  manifest: Manifest,
  part: BucketPart,
  { stores }: Stage,
  repository: Repository,
  steps: Steps,
  systems: BackupSystems,
): Promise<Filled> {
  const place = stores.get(part.name);
  if (!place) return lacks(`a store for the bucket ${part.name}`, 'the configuration names none');
  const { store } = await openStore(place, systems);
  try {
    const form = await formOf(manifest, part, repository, systems.signal);
    const created = await steps.run('scratch bucket', () =>
      createScratchBucket(store, place, form, systems),
    );
    if (!created.ok) return { ...filled, lacking: [created.lacking] };
    const target = { store, bucket: created.value, isScratch: true };
    const result = await steps.run(timed.bucket, () =>
      fillBucket(manifest, part, repository, target, systems),
    );
    return isFilled(result)
      ? await steps.run(timed.compare, () =>
          compareBucket(manifest, part, repository, target, systems),
        )
      : result;
  } finally {
    store.close();
  }
}
