import type { Clock } from '../../core/clock.ts';
import type { Repository } from '../repository/repository.ts';
import type { ExternalBackup, ExternalBackups } from './external.ts';
import { backupDigest, type ExternalSubject } from './observe.ts';
import { type ExternalRehearsal, readExternalRehearsals } from './reports.ts';

/** A line of `backup list` about a backup that another tool keeps. */
export interface ListedExternal extends ExternalBackup {
  readonly tool: string;
  readonly place: string;
  readonly environment: string | null;
  readonly database: string;
  /** Milliseconds since it ended. */
  readonly age: number | null;
  readonly rehearsedAt: string | null;
  readonly rehearsal: ExternalRehearsal['verdict'] | null;
}

/** Newest first. @throws as {@link ExternalBackups.list}; faults of the repository */
export async function listExternal(
  backups: ExternalBackups,
  subject: ExternalSubject,
  reports: Repository,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ListedExternal[]> {
  const { tool, place } = backups;
  const { database, environment } = subject;
  const rehearsals = await readExternalRehearsals(reports, { database, place }, signal);
  const now = clock.now().getTime();
  return (await backups.list(signal)).toReversed().map((backup): ListedExternal => {
    const rehearsed = rehearsals.findLast(
      ({ set, manifest }) => set === backup.label && manifest === backupDigest(backup, backups),
    );
    return {
      ...backup,
      ...{ tool, place, environment, database },
      age: backup.stoppedAt === null ? null : now - Date.parse(backup.stoppedAt),
      rehearsedAt: rehearsed?.at ?? null,
      rehearsal: rehearsed?.verdict ?? null,
    };
  });
}
