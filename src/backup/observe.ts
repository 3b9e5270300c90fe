import type { Clock } from '../core/clock.ts';
import {
  type BackupLimits,
  type BackupSet,
  type BackupWanted,
  backupSet,
  type LiveDatabase,
  setView,
} from './observation.ts';
import { readReports } from './reports.ts';
import type { Repository } from './repository.ts';
import { type OpenedSet, openSets } from './sets.ts';

export interface Observing {
  readonly wanted: BackupWanted;
  readonly limits: BackupLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The database that the environment names, when it was asked who it is. */
  readonly live?: LiveDatabase;
  /** Why a set does not count; undefined when it does. */
  readonly distrusted?: (set: OpenedSet) => Promise<string | undefined>;
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
  const ids = new Set([...sets, ...(named ? [named] : [])].map(({ set }) => set));
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
    rehearsal: rehearsals.findLast(({ set }) => ids.has(set)) ?? null,
  });
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
