import { Readable } from 'node:stream';
import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { sha256Hex } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { makeBucket } from '../bucket/make-bucket.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import { compareDatabase } from '../database/compare-database.ts';
import { identifier } from '../database/contents.ts';
import { lackingOn } from '../database/environment.ts';
import { createScratchDatabase } from '../database/scratch-database.ts';
import { keptName, switchDatabase } from '../database/switch.ts';
import { isFilled, outcomeOf, timed } from '../outcome.ts';
import type { Repository } from '../repository/repository.ts';
import { wholeManifest } from '../set/details.ts';
import type { Manifest, PublishedManifest } from '../set/manifest.ts';
import type { Rehearsal } from '../set/reports.ts';
import { databaseSettings, openStore } from '../sources.ts';
import { type BackupSystems, type StepRecord, type Steps, startSteps } from '../systems.ts';
import { compareBucket, fillBucket, formOf } from './bucket.ts';
import { type Filled, fillDatabase, filled } from './database.ts';
import { removeMarker } from './marker.ts';
import { bucketOf, partOf, planRestore, type RestoreTarget } from './plan.ts';
import { type DatabaseTarget, type NamedBucket, restoreMarker } from './target.ts';

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
 * @throws Fault `restore-environment`, `database-*`, `objects-*`, `repository-*`, `identity-*`
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
  const results: Filled[] = [];
  for (const bucket of target.buckets) {
    results.push(await restoreBucket(manifest, bucket, repository, steps, systems));
  }
  const beside = target.database
    ? await restoreBeside(manifest, target.database, repository, steps, systems)
    : undefined;
  if (beside) results.push(beside.result);
  const outcome = outcomeOf(
    {
      of: set,
      database: beside !== undefined,
      buckets: target.buckets.map(({ of }) => bucketOf(manifest, of)),
      server: beside?.server ?? null,
      results,
      steps,
    },
    systems,
  );
  let keptAs: string | null = null;
  // What could not be compared is said; it does not keep a restore from being one.
  const switched = beside !== undefined && outcome.verdict !== 'bad';
  if (target.database && switched) {
    const { name, server } = target.database;
    keptAs = plan.replaces ? keptName(name, systems.clock.now()) : null;
    const names = { fresh: beside.fresh, name, kept: keptAs };
    await steps.run('switch', () => putInPlace(server, names, systems));
  }
  return { outcome, switched, keptAs, steps: steps.records };
}

async function restoreBeside(
  manifest: Manifest,
  { server }: DatabaseTarget,
  repository: Repository,
  steps: Steps,
  systems: BackupSystems,
): Promise<{
  readonly fresh: string;
  readonly server: Rehearsal['server'];
  readonly result: Filled;
}> {
  const { adapters, signal } = systems;
  const database = partOf(manifest);
  const created = await steps.run('database beside', () =>
    createScratchDatabase(server, database.locale, systems),
  );
  if (!created.ok) throw lacksFault([created.lacking]);
  const { name: fresh, settings, identity } = created.value;
  const postgres = await adapters.postgres();
  const lacking = await (async () => {
    await using connection = await postgres.connect(settings, signal);
    return await lackingOn(connection, database, signal);
  })();
  if (lacking.length > 0) throw lacksFault(lacking);
  const part = { ...manifest, database };
  const to = { settings, serverVersion: identity.serverVersion };
  const result = await steps.run(timed.database, () => fillDatabase(part, repository, to, systems));
  if (result.lacking.length > 0) throw lacksFault(result.lacking);
  const compared = isFilled(result)
    ? await steps.run(timed.compare, () =>
        compareDatabase(part, repository, created.value, systems),
      )
    : result;
  return { fresh, server: identity, result: compared };
}

function lacksFault(lacking: Filled['lacking']): Fault {
  const text = lacking.map(({ what, why }) => `${what}: ${why}`).join('; ');
  return new Fault('restore-environment', text);
}

/** From here on the database is no scratch: the comment goes, and with the name the undoing of it. */
async function putInPlace(
  server: DatabaseTarget['server'],
  names: Parameters<typeof switchDatabase>[1],
  systems: BackupSystems,
): Promise<void> {
  const { adapters, signal } = systems;
  const postgres = await adapters.postgres();
  await using admin = await postgres.connect(await databaseSettings(server, systems), signal);
  await switchDatabase(admin, names, signal);
  await admin.query(`comment on database ${identifier(names.name)} is null`, [], signal);
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
    const compared = await steps.run(timed.compare, () =>
      compareBucket(manifest, part, repository, target, systems),
    );
    if (isFilled(compared)) await removeMarker(target, systems.signal);
    return compared;
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
