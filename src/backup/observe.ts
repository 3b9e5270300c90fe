import type { Clock } from '../core/clock.ts';
import {
  type BackupLimits,
  type BackupSet,
  type BackupWanted,
  backupSet,
  type LiveDatabase,
  setView,
} from './observation.ts';
import type { Repository } from './repository/repository.ts';
import { type Rehearsal, readReports } from './set/reports.ts';
import { type Distrusted, type OpenedSet, openSets } from './set/sets.ts';

export interface Observing {
  readonly wanted: BackupWanted;
  readonly limits: BackupLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The database that the environment names, when it was asked who it is. */
  readonly live?: LiveDatabase;
  /** Undefined when sets need no signature. */
  readonly distrusted?: Distrusted | undefined;
}

/**
 * What the checklist asks about backups: the newest set of an environment, and how it fared.
 * @param named the set to look at instead of the newest
 * @throws Fault `repository-unreadable`, `objects-*`
 */
export async function observeRepository(
  repository: Repository,
  { wanted, limits, clock, signal, live, distrusted }: Observing,
  named?: OpenedSet,
): Promise<BackupSet> {
  const sets = await setsOf(repository, wanted, signal);
  const newest = named ?? sets.at(-1);
  const why = newest && (await distrusted?.(newest));
  const opened: OpenedSet | undefined =
    newest && why !== undefined ? { set: newest.set, manifest: null, problem: why } : newest;
  const all = new Map([...sets, ...(named ? [named] : [])].map((set) => [set.set, set]));
  const verifications = opened ? await readReports(repository, 'verifications', signal) : [];
  const rehearsals = opened ? await readReports(repository, 'rehearsals', signal) : [];
  return backupSet({
    observedAt: clock.now().toISOString(),
    repository: repository.place,
    limits,
    wanted,
    set: opened ? setView(opened) : null,
    live: live ?? null,
    // What was said about other bytes under the same name says nothing about these.
    verification:
      verifications.findLast(
        ({ set, manifest }) => set === opened?.set && same(manifest, opened),
      ) ?? null,
    rehearsal: (await lastOf(rehearsals, all, distrusted)) ?? null,
  });
}

/** What is said about a set that does not count says nothing. */
async function lastOf(
  rehearsals: readonly Rehearsal[],
  sets: ReadonlyMap<string, OpenedSet>,
  distrusted: Distrusted | undefined,
): Promise<Rehearsal | undefined> {
  const passedOver = new Set<string>();
  for (const rehearsal of rehearsals.toReversed()) {
    const set = sets.get(rehearsal.set);
    if (!set || passedOver.has(set.set)) continue;
    if ((await distrusted?.(set)) === undefined) return rehearsal;
    passedOver.add(set.set);
  }
  return undefined;
}

const same = (manifest: string | null, opened: OpenedSet): boolean =>
  manifest === (opened.manifest ? opened.digest : null);

/** The sets of an environment, oldest first. */
export async function setsOf(
  repository: Repository,
  wanted: BackupWanted,
  signal: AbortSignal,
): Promise<OpenedSet[]> {
  return (await openSets(repository, signal)).filter((set) => isOf(set, wanted));
}

/** One repository may hold sets of several environments. A manifest that cannot be read may be anybody's. */
function isOf({ manifest }: OpenedSet, { environment, database, buckets }: BackupWanted): boolean {
  if (manifest === null) return true;
  if (manifest.environment !== environment) return false;
  return database === null
    ? manifest.buckets.some(({ name }) => buckets.includes(name))
    : manifest.database?.name === database;
}
