import type { DatabaseIdentity, DatabaseSettings, Queries, Value } from './postgres.ts';

/** A standby writes no WAL of its own; its timeline is that of the last checkpoint it replayed. */
const statement = `
  select (select system_identifier::text from pg_control_system()) as system_identifier,
         current_database()::text as database,
         current_setting('server_version_num')::int as version,
         current_setting('server_version') as version_text,
         host(inet_server_addr()) as address,
         inet_server_port() as port,
         pg_is_in_recovery() as in_recovery,
         case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
              else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
         end as timeline`;

export async function identify(
  queries: Pick<Queries, 'query'>,
  settings: DatabaseSettings,
  signal: AbortSignal,
): Promise<DatabaseIdentity> {
  const { rows } = await queries.query(statement, [], signal);
  const row = rows[0] ?? {};
  return {
    systemIdentifier: String(row.system_identifier),
    database: String(row.database),
    serverVersion: Number(row.version),
    serverVersionText: String(row.version_text),
    host: settings.host,
    port: settings.port,
    serverAddress: textOf(row.address),
    serverPort: typeof row.port === 'number' ? row.port : null,
    timeline: Number(row.timeline),
    inRecovery: row.in_recovery === true,
  };
}

const textOf = (value: Value | undefined): string | null =>
  typeof value === 'string' ? value : null;
