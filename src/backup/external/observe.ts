import { canonicalDigest } from '../../core/canonical.ts';
import {
  type BackupLimits,
  type BackupSet,
  backupSet,
  type ExternalView,
  type SetView,
} from '../observation.ts';
import type { Repository } from '../repository/repository.ts';
import type { BackupSystems } from '../systems.ts';
import type { ExternalBackup, ExternalBackups } from './external.ts';
import type { LiveCluster } from './live.ts';
import { type ExternalRehearsal, readExternalRehearsals } from './reports.ts';

/** The database whose backups another tool keeps, as the configuration has it. */
export interface ExternalSubject {
  readonly environment: string | null;
  readonly database: string;
}

export interface ObservedExternal {
  readonly backups: ExternalBackups;
  readonly subject: ExternalSubject;
  readonly limits: BackupLimits;
  readonly live: LiveCluster | { readonly problem: string };
  /** Where rehearsals are noted. */
  readonly reports: Repository;
}

/**
 * What is asked about backups that another tool keeps: the newest that counts, how it fared, and
 * whether the log goes on from it.
 * @param chosen the backup to look at instead, as `list` gave it
 * @throws as the methods of ExternalBackups; faults of the repository
 */
export async function observeExternal(
  { backups, subject, limits, live, reports }: ObservedExternal,
  { clock, signal }: Pick<BackupSystems, 'clock' | 'signal'>,
  chosen?: ExternalBackup,
): Promise<BackupSet> {
  const listed = await backups.list(signal);
  const passedOver: { label: string; why: string }[] = [];
  const newest = chosen ?? newestThatCounts(listed, passedOver);
  const isLive = !('problem' in live);
  const view: ExternalView = {
    tool: backups.tool,
    place: backups.place,
    listed: listed.length,
    backup: newest ?? null,
    passedOver,
    archive:
      newest === undefined
        ? null
        : await backups.archive(newest, isLive ? live.segmentBytes : null, signal),
    archiver: isLive ? live.archiver : live,
  };
  const { database } = subject;
  const rehearsals = await readExternalRehearsals(
    reports,
    { database, place: backups.place },
    signal,
  );
  const expected = newest?.systemIdentifier ?? (isLive ? live.systemIdentifier : null);
  // Where the tool does not say whose backup it is, a restore has shown it.
  const shown = rehearsals.findLast(
    ({ manifest }) => newest && manifest === backupDigest(newest, backups),
  );
  const cluster = newest?.systemIdentifier ?? shown?.external.systemIdentifier ?? null;
  return backupSet({
    observedAt: clock.now().toISOString(),
    repository: backups.place,
    limits,
    wanted: { environment: subject.environment, database, buckets: [] },
    set: newest ? viewOf(newest, backups, { database, live, cluster }) : null,
    live: isLive
      ? { systemIdentifier: live.systemIdentifier, database: live.database }
      : { problem: live.problem },
    verification: null,
    rehearsal: rehearsals.findLast((entry) => isOfCluster(entry, expected)) ?? null,
    external: view,
  });
}

/** A rehearsal of the cluster that was there before says nothing of the one that is. */
const isOfCluster = ({ external }: ExternalRehearsal, expected: string | null): boolean =>
  [null, expected ?? external.systemIdentifier].includes(external.systemIdentifier);

/** The newest that is good, otherwise the newest of which nobody says that it is not. */
function newestThatCounts(
  listed: readonly ExternalBackup[],
  passedOver: { label: string; why: string }[],
): ExternalBackup | undefined {
  const usable = listed.filter((backup) => whyNot(backup, listed) === undefined);
  const found =
    usable.findLast(({ state, stoppedAt }) => state === 'good' && stoppedAt !== null) ??
    usable.at(-1);
  for (const backup of listed.slice(found ? listed.indexOf(found) + 1 : 0)) {
    const why = whyNot(backup, listed) ?? backup.problem ?? 'the tool does not say when it ended';
    passedOver.push({ label: backup.label, why });
  }
  return found;
}

function whyNot(backup: ExternalBackup, listed: readonly ExternalBackup[]): string | undefined {
  if (backup.state === 'failed') return backup.problem ?? 'it failed';
  if (backup.state === 'running') return 'it is being made';
  const missing = backup.builtOn.find((label) => !listed.some((entry) => entry.label === label));
  if (missing !== undefined) return `it is built on ${missing}, which is not there`;
  const failed = listed.find(
    ({ label, state }) => backup.builtOn.includes(label) && state === 'failed',
  );
  return failed && `it is built on ${failed.label}, which failed`;
}

/** What a rehearsal has to be about to count for this backup. */
export function backupDigest(backup: ExternalBackup, { tool, place }: ExternalBackups): string {
  const { label, startedAt, stoppedAt, wal, lsn, systemIdentifier } = backup;
  return canonicalDigest({ tool, place, label, startedAt, stoppedAt, wal, lsn, systemIdentifier });
}

interface Viewing {
  readonly database: string;
  readonly live: ObservedExternal['live'];
  /** System identifier. */
  readonly cluster: string | null;
}

function viewOf(
  backup: ExternalBackup,
  backups: ExternalBackups,
  { database, live, cluster }: Viewing,
): SetView {
  const { label } = backup;
  // A copy of the cluster holds every database of it.
  const inside = 'problem' in live ? database : live.database;
  return {
    id: label,
    manifest: backupDigest(backup, backups),
    problem: null,
    createdAt: backup.state === 'unknown' ? null : backup.stoppedAt,
    database,
    identity: cluster === null ? null : { systemIdentifier: cluster, database: inside },
    buckets: [],
    references: [],
    missing: [],
  };
}
