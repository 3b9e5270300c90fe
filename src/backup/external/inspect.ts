import type { Database } from '../../adapters/postgres/postgres.ts';
import { Fault, messageOf } from '../../core/fault.ts';
import { saidLast } from '../database/client-tools.ts';
import { identifier } from '../database/names.ts';
import type { Difference, Lacking, Problem } from '../set/reports.ts';
import type { BackupSystems } from '../systems.ts';
import { conduct } from './conduct.ts';
import type { ControlData } from './control-data.ts';
import type { ExternalBackup } from './external.ts';
import type { RestoredServer } from './restored-server.ts';
import type { ScratchCluster } from './scratch-cluster.ts';
import type { ServerPrograms } from './server-programs.ts';
import { lsnOf, numberOf } from './wal.ts';

/** What was seen of a restored cluster. */
export interface Inspection {
  readonly differences: readonly Difference[];
  readonly damage: readonly Problem[];
  readonly recoveredTo: { readonly lsn: string | null; readonly at: string | null };
  readonly tables: readonly { readonly name: string; readonly rows: string }[];
  readonly checks: readonly string[];
  /** What has to be looked at, and could not be. */
  readonly lacking: readonly Lacking[];
  /** What was not looked at besides. */
  readonly unchecked: readonly Lacking[];
}

export interface Inspecting {
  readonly backup: ExternalBackup;
  readonly server: RestoredServer;
  /** Of the live cluster; null when it could not be asked. */
  readonly live: { readonly segmentBytes: number } | null;
  /** Newest segment that was archived before the restore; null when the tool does not say. */
  readonly lastSegment: string | null;
  readonly database: string;
  /** Tables that have to be there, as `schema.name`; the largest ones when there are none. */
  readonly tables: readonly string[];
}

const positionQuery = `
  select pg_is_in_recovery() as recovering, pg_last_wal_replay_lsn()::text as lsn,
    to_char(pg_last_xact_replay_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
    (select system_identifier::text from pg_control_system()) as cluster`;

/** Asks the restored server who it is, how far it came, and for the rows of its tables. */
export async function inspectServer(
  inspecting: Inspecting,
  { adapters, signal }: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<Omit<Inspection, 'checks' | 'unchecked'>> {
  const { server, database } = inspecting;
  const postgres = await adapters.postgres();
  await using connection = await postgres.connect(server.settings('template1'), signal);
  const { rows } = await connection.query(positionQuery, [], signal);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const recoveredTo = { lsn: text(rows[0]?.lsn), at: text(rows[0]?.at) };
  const position = positionDifferences(inspecting, recoveredTo.lsn, text(rows[0]?.cluster) ?? '');
  const seen = { damage: [], lacking: position.lacking, recoveredTo };
  const { rows: found } = await connection.query(
    'select 1 from pg_database where datname = $1 and datallowconn',
    [database],
    signal,
  );
  if (found.length === 0) {
    const gone = differs('database', database, 'it is there', 'it is not there');
    return { ...seen, differences: [...position.differences, gone], tables: [] };
  }
  await using inside = await postgres.connect(server.settings(database), signal);
  const counted = await countTables(inside, inspecting, signal);
  return {
    ...seen,
    differences: [...position.differences, ...counted.differences],
    damage: counted.damage,
    tables: counted.tables,
  };
}

const differs = (what: string, name: string, expected: string, found: string): Difference => ({
  ...{ what, name, expected, found },
});

function positionDifferences(
  { backup, live, lastSegment }: Inspecting,
  lsn: string | null,
  cluster: string,
): { differences: Difference[]; lacking: Lacking[] } {
  const differences: Difference[] = [];
  const lacking: Lacking[] = [];
  // Whether that is the cluster that runs is a question to the environment, not to the backup.
  if (backup.systemIdentifier !== null && backup.systemIdentifier !== cluster) {
    differences.push(differs('cluster', '', backup.systemIdentifier, cluster));
  }
  const reached = lsn === null ? undefined : lsnOf(lsn);
  const stop = backup.lsn && lsnOf(backup.lsn.stop);
  if (reached === undefined) {
    differences.push(differs('recovery', '', 'the log was replayed', 'nothing was replayed'));
  } else if (stop == null) {
    lacking.push({ what: 'the end of the backup', why: 'the tool does not say its position' });
  } else if (reached < stop) {
    differences.push(differs('recovery', '', `at least to ${backup.lsn?.stop}`, `to ${lsn}`));
  }
  if (lastSegment === null || live === null) {
    const why = live === null ? 'the live server was not asked' : 'the tool does not name it';
    lacking.push({ what: 'recovery to the last archived segment', why });
  } else if (reached !== undefined) {
    // The position is that after the last byte.
    const segment = Number((reached - 1n) / BigInt(live.segmentBytes));
    if (segment < numberOf(lastSegment, live.segmentBytes)) {
      const expected = `to the archived segment ${lastSegment}`;
      differences.push(differs('recovery', '', expected, `to ${lsn}`));
    }
  }
  return { differences, lacking };
}

const largest = 10;
const largestQuery = `
  select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  order by pg_relation_size(c.oid) desc, 1, 2 limit ${largest}`;

async function countTables(
  database: Database,
  { backup, tables }: Inspecting,
  signal: AbortSignal,
): Promise<Pick<Inspection, 'differences' | 'damage' | 'tables'>> {
  const names =
    tables.length > 0
      ? tables.map((table) => table.split('.'))
      : (await database.query(largestQuery, [], signal)).rows.map(({ schema, name }) => [
          String(schema),
          String(name),
        ]);
  const differences: Difference[] = [];
  const damage: Problem[] = [];
  const counts: { name: string; rows: string }[] = [];
  for (const [schema = '', table = ''] of names) {
    const name = `${schema}.${table}`;
    const counted = await count(database, `${identifier(schema)}.${identifier(table)}`, signal);
    if ('rows' in counted) counts.push({ name, rows: counted.rows });
    else if (counted.sqlState === '42P01') {
      differences.push(differs('table', name, 'it is there', 'it is not there'));
    } else damage.push({ path: backup.label, problem: `${name} cannot be read: ${counted.why}` });
  }
  return { differences, damage, tables: counts };
}

async function count(
  database: Database,
  table: string,
  signal: AbortSignal,
): Promise<{ readonly rows: string } | { readonly sqlState: string; readonly why: string }> {
  // Every page of it is read, unlike with an index.
  const attempt = await database.attempt(`select count(t.*) as rows from ${table} t`, [], signal);
  if (attempt.ok) return { rows: String(attempt.result.rows[0]?.rows) };
  return { sqlState: attempt.refusal.sqlState, why: attempt.refusal.message };
}

interface Programs {
  readonly backup: ExternalBackup;
  readonly programs: ServerPrograms;
  readonly scratch: ScratchCluster;
}

type Checked = Pick<Inspection, 'damage' | 'checks' | 'unchecked'>;

/** Runs `pg_amcheck` over every relation of every database. */
export async function checkRelations(
  { backup, programs, scratch }: Programs,
  server: RestoredServer,
  systems: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<Checked> {
  const { socketFolder, port, user } = server;
  const at = ['--host', socketFolder, '--port', String(port), '--username', user, '--no-password'];
  const args = [...at, '--all', '--install-missing', '--jobs', '2'];
  const postgres = await systems.adapters.postgres();
  // What libpq would read of the surroundings leads elsewhere.
  const { env } = await postgres.clientEnvironment(server.settings('template1'), scratch.folder);
  const end = await attemptTool(programs.named('pg_amcheck'), args, { ...scratch, env }, systems);
  if ('missing' in end) return unchecked('pg_amcheck', end.missing);
  if (end.exitCode === 0) return { damage: [], checks: ['pg_amcheck'], unchecked: [] };
  const corrupt = /^.*$/m.exec(end.stdout.trim())?.[0] ?? '';
  // 1 is a failure to look, 2 that something was found (pg_amcheck of the PostgreSQL manual).
  if (end.exitCode !== 2 || corrupt === '') return unchecked('pg_amcheck', saidLast(end.stderr));
  return found(backup, 'pg_amcheck', corrupt);
}

/** Reads every page of a data directory at rest, where it has checksums. */
export async function checkPages(
  { backup, programs, scratch }: Programs,
  control: ControlData,
  systems: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<Checked> {
  if (control.checksumVersion === 0) {
    return unchecked('pg_checksums', 'the cluster was made without checksums');
  }
  const args = ['--check', '-D', scratch.data];
  const end = await attemptTool(programs.named('pg_checksums'), args, scratch, systems);
  if ('missing' in end) return unchecked('pg_checksums', end.missing);
  if (end.exitCode === 0) return { damage: [], checks: ['pg_checksums'], unchecked: [] };
  return /checksum verification failed/i.test(end.stderr)
    ? found(backup, 'pg_checksums', saidLast(end.stderr))
    : unchecked('pg_checksums', saidLast(end.stderr));
}

const unchecked = (what: string, why: string): Checked => ({
  damage: [],
  checks: [],
  unchecked: [{ what, why }],
});

const found = ({ label }: ExternalBackup, tool: string, said: string): Checked => ({
  damage: [{ path: label, problem: `${tool}: ${said}` }],
  checks: [tool],
  unchecked: [],
});

async function attemptTool(
  program: string,
  args: readonly string[],
  {
    folder,
    env,
  }: Pick<ScratchCluster, 'folder'> & { readonly env?: Readonly<Record<string, string>> },
  { adapters, signal }: Pick<BackupSystems, 'adapters' | 'signal'>,
) {
  const processes = await adapters.processes();
  try {
    return await conduct(processes, program, args, {
      signal,
      cwd: folder,
      env: { ...env, LC_ALL: 'C' },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return { missing: messageOf(error) };
    throw error;
  }
}
