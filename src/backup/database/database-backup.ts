import type {
  DatabaseIdentity,
  QueryRefusal,
  Transaction,
} from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import type { DatabasePart, Missing, SetFile } from '../set/manifest.ts';
import { contentNames } from '../set/set-id.ts';
import type { SetWriter } from '../set/set-writer.ts';
import { type BackupSource, databaseSettings } from '../sources.ts';
import { type BackupSystems, type Steps, together } from '../systems.ts';
import { clientEnvironment, clientFailure, clientVersion, requireClient } from './client-tools.ts';
import { fixSession, readContents, readSequences } from './contents.ts';
import { preflight } from './preflight.ts';
import { type ReferencedKeys, readReferences } from './references.ts';
import { schemaOnly } from './schema-text.ts';

/** A statement that waits longer behind somebody's lock gives up, before others queue behind it. */
const lockTimeoutMs = 30_000;

export interface DatabaseBackup {
  readonly part: DatabasePart;
  readonly missing: readonly Missing[];
  readonly references: readonly ReferencedKeys[];
}

/**
 * Dumps a database and reads what a copy of it has to hold, all in one snapshot.
 * @param begin called once the database was found fit, before anything is written
 * @throws Fault `client-too-old`, `database-*`, `tool-*`, `config-invalid`
 */
export async function backUpDatabase(
  source: BackupSource & { readonly database: NonNullable<BackupSource['database']> },
  begin: (identity: DatabaseIdentity, contentBytes: number) => Promise<SetWriter>,
  steps: Steps,
  systems: BackupSystems,
): Promise<DatabaseBackup> {
  const { adapters, signal } = systems;
  const postgres = await adapters.postgres();
  const settings = await databaseSettings(source.database.ref, systems);
  const client = await clientVersion('pg_dump', systems);
  await using database = await postgres.connect(settings, signal);
  const identity = await database.identity(signal);
  requireClient('pg_dump', client, identity.serverVersion);
  const { missing, contentBytes, ...facts } = await preflight(database, identity, signal);
  const writer = await begin(identity, contentBytes);
  const env = await clientEnvironment(settings, systems);
  const tool = { writer, env, place: postgres.describe(settings), systems };

  const explain = (error: unknown) => {
    throw changedMeanwhile(postgres.refusal(error), tool.place) ?? error;
  };

  const inSnapshot = async (transaction: Transaction): Promise<DatabaseBackup> => {
    const snapshot = await transaction.exportSnapshot(signal);
    const instant = { ...(await moment(transaction, signal)), snapshot };
    await fixSession(transaction, lockTimeoutMs, signal);
    const dumpArgs = [`--snapshot=${snapshot}`, `--lock-wait-timeout=${lockTimeoutMs}`];
    // Sequences obey no snapshot: what the dump has is between this and what is read after it.
    const sequences = await readSequences(transaction, signal);
    const [contents, dumped, schema] = await steps.run('dump', () => {
      systems.onEvent({ type: 'expected', bytes: contentBytes });
      return together(signal, [
        (inner) => readContents(transaction, inner).catch(explain),
        (inner) =>
          dump(tool, [...dumpArgs, '--format=custom', '--compress=0'], contentNames.dump, inner),
        (inner) => dump(tool, [...dumpArgs, ...schemaOnly], contentNames.schema, inner),
      ]);
    });
    const sequencesAfter = await readSequences(transaction, signal);
    const references = await steps.run('references', () =>
      readReferences(transaction, source.buckets, signal),
    );
    const globals = await steps.run('globals', () => dumpGlobals(tool));
    return {
      part: {
        name: source.database.name,
        identity,
        ...facts,
        instant,
        client,
        dump: dumped.path,
        schema: schema.path,
        globals: 'path' in globals ? globals.path : null,
        contents: { ...contents, sequences },
        sequencesAfter,
      },
      missing: [...missing, ...('path' in globals ? [] : [globals])],
      references,
    };
  };
  return await database.transaction(
    { isolation: 'repeatable read', readOnly: true },
    inSnapshot,
    signal,
  );
}

interface Tool {
  readonly writer: SetWriter;
  readonly env: Readonly<Record<string, string>>;
  readonly place: string;
  readonly systems: BackupSystems;
}

async function dump(
  { writer, env, place, systems }: Tool,
  args: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<SetFile> {
  const processes = await systems.adapters.processes();
  const { value } = await processes.stream('pg_dump', ['--no-password', ...args], {
    signal,
    env,
    output: (stdout) =>
      writer.file(path, stdout, signal, {
        onBytes: (bytes) => systems.onEvent({ type: 'bytes', bytes }),
      }),
    failure: (end) => clientFailure('pg_dump', place, end),
  });
  if (value.plain.size === 0) {
    throw new Fault('tool-failed', `${place}: pg_dump ended well and wrote nothing`);
  }
  return value;
}

/** @returns why there is none: reading the roles of a cluster is not allowed everywhere */
async function dumpGlobals({ writer, env, place, systems }: Tool): Promise<SetFile | Missing> {
  const { signal, adapters } = systems;
  const processes = await adapters.processes();
  const args = ['--globals-only', '--no-role-passwords', '--no-password'];
  const what = 'roles and tablespaces';
  try {
    const { value } = await processes.stream(
      'pg_dumpall',
      [...args, `--database=${env.PGDATABASE}`],
      {
        signal,
        env,
        output: (stdout) => writer.file(contentNames.globals, stdout, signal),
        failure: (end) => clientFailure('pg_dumpall', place, end),
      },
    );
    return value;
  } catch (error) {
    signal.throwIfAborted();
    const optional = ['database-denied', 'tool-missing', 'tool-failed', 'client-too-old'];
    if (error instanceof Fault && optional.includes(error.code)) {
      return { what, why: error.message };
    }
    throw error;
  }
}

/** SQLSTATE undefined_table, undefined_column: it was there when the tables were listed. */
const undefinedNow = /^42(?:P01|703)$/;

function changedMeanwhile(refusal: QueryRefusal | undefined, place: string): Fault | undefined {
  if (!refusal || !undefinedNow.test(refusal.sqlState)) return undefined;
  const why = `${refusal.message}: it was dropped or changed while it was read`;
  return new Fault('database-failed', `${place}: ${why}`);
}

async function moment(
  transaction: Transaction,
  signal: AbortSignal,
): Promise<{ at: string; walLsn: string }> {
  const { rows } = await transaction.query(
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
            (case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                  else pg_current_wal_lsn() end)::text as lsn`,
    [],
    signal,
  );
  return { at: String(rows[0]?.at), walLsn: String(rows[0]?.lsn) };
}
