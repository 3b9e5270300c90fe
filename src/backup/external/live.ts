import type { Database, DatabaseSettings } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import { type DatabaseRef, databaseSettings } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import { instantOf } from './exact-json.ts';
import { isSegment } from './wal.ts';

/** What the server that runs says of itself and of its archiving. */
export interface LiveCluster {
  readonly systemIdentifier: string;
  readonly database: string;
  /** `wal_segment_size`, bytes. */
  readonly segmentBytes: number;
  /** The superuser that initdb made. */
  readonly superuser: string;
  readonly archiver: LiveArchiver;
}

export interface LiveArchiver {
  /** `archive_mode` is `off`. */
  readonly off: boolean;
  /** A standby says nothing about what its primary archives. */
  readonly standby: boolean;
  /** Segment that was archived last since the statistics began; null when none was. */
  readonly last: string | null;
  /** ISO 8601. */
  readonly lastAt: string | null;
  /** Segment that could not be archived after that; null when all is well. */
  readonly failing: string | null;
}

const query = `
  select current_setting('archive_mode') as mode, pg_is_in_recovery() as standby,
    (select setting from pg_settings where name = 'wal_segment_size') as segment_bytes,
    (select rolname from pg_roles where oid = 10) as superuser,
    a.last_archived_wal as last,
    to_char(a.last_archived_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as last_at,
    case when a.last_failed_time > coalesce(a.last_archived_time, '-infinity') then a.last_failed_wal
    end as failing
  from pg_stat_archiver a`;

/** @returns why it could not be asked, otherwise */
export async function askLive(
  ref: DatabaseRef,
  systems: BackupSystems,
): Promise<LiveCluster | { readonly problem: string }> {
  try {
    const settings = await databaseSettings(ref, systems);
    return await ask(settings, systems);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { problem: error.message };
  }
}

async function ask(
  settings: DatabaseSettings,
  { adapters, signal }: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<LiveCluster> {
  const postgres = await adapters.postgres();
  await using connection: Database = await postgres.connect(settings, signal);
  const { systemIdentifier, database } = await connection.identity(signal);
  const { rows } = await connection.query(query, [], signal);
  const row = rows[0] ?? {};
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const last = text(row.last);
  return {
    systemIdentifier,
    database,
    segmentBytes: Number(row.segment_bytes),
    superuser: text(row.superuser) ?? 'postgres',
    archiver: {
      off: row.mode === 'off',
      standby: row.standby === true,
      // A history or backup file may have been the last.
      last: last !== null && isSegment(last.slice(0, 24)) ? last.slice(0, 24) : null,
      lastAt: instantOf(text(row.last_at)),
      failing: text(row.failing),
    },
  };
}
