import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, DatabaseSettings } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import type { Lacking, Problem } from '../set/reports.ts';
import type { BackupSystems } from '../systems.ts';
import { conduct, type Ended } from './conduct.ts';
import type { ControlData } from './control-data.ts';
import type { ScratchCluster } from './scratch-cluster.ts';
import type { ServerPrograms } from './server-programs.ts';

/** A server on a restored data directory that only we reach. */
export interface RestoredServer {
  settings(database: string): DatabaseSettings;
  readonly socketFolder: string;
  readonly port: number;
  readonly user: string;
  /** A clean shutdown, after which the data directory is at rest. */
  stop(): Promise<Ended>;
}

export type Started =
  | { readonly server: RestoredServer }
  | { readonly damaged: Problem }
  | { readonly lacking: Lacking };

export interface Starting {
  readonly label: string;
  readonly scratch: ScratchCluster;
  readonly programs: ServerPrograms;
  readonly control: ControlData;
  readonly major: number;
  readonly restoreCommand: string;
  readonly env: Readonly<Record<string, string>>;
  /** The superuser that initdb made. */
  readonly user: string;
}

const port = 5432;
const pollMs = 250;
const mostRefusals = 40;

/**
 * Recovers a restored data directory to the end of the archive and waits until it answers.
 *
 * Nothing of the configuration that was restored is in force, since it is that of production: it would
 * archive, listen, load what runs jobs, and subscribe to other servers.
 */
export async function startRestored(starting: Starting, systems: BackupSystems): Promise<Started> {
  const { scratch, programs, user, label } = starting;
  const { adapters, signal, scope } = systems;
  await isolate(starting);
  const stopping = new AbortController();
  const processes = await adapters.processes();
  let ended: Ended | undefined;
  const args = ['-D', scratch.data, '-c', `config_file=${join(scratch.folder, 'postgresql.conf')}`];
  const running = conduct(processes, programs.named('postgres'), args, {
    signal: AbortSignal.any([signal, stopping.signal]),
    cwd: scratch.folder,
    env: { ...starting.env, LC_ALL: 'C', PGDATA: '', PGOPTIONS: '' },
  });
  const settled = running.then(
    (end) => {
      ended = end;
    },
    () => undefined,
  );
  await scope.defer('restored server', async () => {
    stopping.abort(new Error('the rehearsal is over'));
    await settled;
  });
  const settings = (database: string): DatabaseSettings => ({
    host: scratch.folder,
    port,
    database,
    user,
    password: () => undefined,
    sslMode: 'disable',
    applicationName: 'deploycheck rehearsal',
    connectTimeoutMs: 5000,
  });
  const postgres = await adapters.postgres();
  for (let refused = 0; ; ) {
    signal.throwIfAborted();
    if (ended) return failedStart(label, ended);
    const answer = await answerOf(() => postgres.connect(settings('template1'), signal));
    if (answer === undefined) break;
    // While it recovers it cannot be reached; it may break off connections when it has just begun to.
    refused = answer.code === 'database-unreachable' ? 0 : refused + 1;
    if (refused > mostRefusals || answer.code === 'database-denied') {
      return { lacking: { what: 'the restored server', why: answer.message } };
    }
    await Promise.race([wait(pollMs, undefined, { signal }), settled]);
  }
  const stop = async (): Promise<Ended> => {
    const pgCtl = ['-D', scratch.data, '-m', 'fast', '-w', '-t', '3600', 'stop'];
    await conduct(processes, programs.named('pg_ctl'), pgCtl, { signal, cwd: scratch.folder });
    return await running;
  };
  return { server: { settings, socketFolder: scratch.folder, port, user, stop } };
}

async function answerOf(connect: () => Promise<Database>): Promise<Fault | undefined> {
  try {
    await (await connect()).close();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** What a server says when it is what was restored that keeps it from starting. */
const damageSaid =
  /WAL ends before|could not locate (?:a valid|required) checkpoint|invalid (?:primary )?checkpoint|could not find redo location|incorrect checksum in control file|invalid page in block|backup_label|requested timeline|PANIC|unexpected (?:timeline|pageaddr)|could not open file "(?:global|base|pg_xact|pg_wal)|is corrupted|recovery ended before configured/i;

function failedStart(label: string, end: Ended): Started {
  const lines = end.stderr
    .split('\n')
    // Our own attempts to connect are refused until it has recovered.
    .filter(
      (line) =>
        /\b(?:FATAL|PANIC|ERROR)\b/.test(line) && !/starting up|not (?:yet )?accepting/.test(line),
    )
    .map((line) => line.replace(/^\S+ \S+ \S+ \[\d+\] /, ''));
  const said = lines.slice(0, 2).join(' / ') || end.stderr.trim().split('\n').at(-1) || 'nothing';
  if (damageSaid.test(said)) {
    const problem = `the restored server does not start: ${said}`;
    return { damaged: { path: label, problem } };
  }
  return { lacking: { what: 'a start of the restored server', why: said } };
}

/** Writes the only configuration that is in force. */
async function isolate({ scratch, control, major, restoreCommand }: Starting): Promise<void> {
  const file = (name: string) => join(scratch.folder, name);
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const settings: readonly (readonly [string, string | number])[] = [
    ['listen_addresses', ''],
    ['unix_socket_directories', scratch.folder],
    ['unix_socket_permissions', '0700'],
    ['port', port],
    ['hba_file', file('pg_hba.conf')],
    ['ident_file', file('pg_ident.conf')],
    ['archive_mode', 'off'],
    ['archive_command', ''],
    ['restore_command', restoreCommand],
    ['recovery_target_timeline', 'latest'],
    ['hot_standby', 'off'],
    // Recovery needs at least what the cluster had; the control file says what that was.
    ['max_connections', Math.max(control.maxConnections ?? 100, 20)],
    ['max_worker_processes', control.maxWorkerProcesses ?? 8],
    ['max_wal_senders', control.maxWalSenders ?? 10],
    ['max_prepared_transactions', control.maxPreparedTransactions ?? 0],
    ['max_locks_per_transaction', control.maxLocksPerTransaction ?? 64],
    // Subscriptions would take from their publishers what the live cluster has to get.
    ['max_logical_replication_workers', 0],
    ['shared_preload_libraries', ''],
    ['session_preload_libraries', ''],
    ['local_preload_libraries', ''],
    ...(major >= 17 ? ([['event_triggers', 'off']] as const) : []),
    ['autovacuum', 'off'],
    ['logging_collector', 'off'],
    ['log_destination', 'stderr'],
    ['cluster_name', 'deploycheck rehearsal'],
    ['restart_after_crash', 'off'],
    ['lc_messages', 'C'],
  ];
  const lines = settings.map(([name, value]) => `${name} = ${text(String(value))}\n`);
  await writeFile(file('postgresql.conf'), lines.join(''), { mode: 0o600 });
  await writeFile(file('pg_hba.conf'), 'local all all trust\n', { mode: 0o600 });
  await writeFile(file('pg_ident.conf'), '', { mode: 0o600 });
  await writeFile(join(scratch.data, 'postgresql.auto.conf'), '', { mode: 0o600 });
  await rm(join(scratch.data, 'standby.signal'), { force: true });
  await rm(join(scratch.data, 'postmaster.pid'), { force: true });
  await writeFile(join(scratch.data, 'recovery.signal'), '', { mode: 0o600 });
}
