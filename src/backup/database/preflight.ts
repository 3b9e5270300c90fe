import type { DatabaseIdentity, Queries, Row } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import type { DatabasePart, Missing } from '../set/manifest.ts';
import { readLocale } from './locale.ts';

/** What is read of a database before it is dumped. */
export interface DatabaseFacts
  extends Pick<DatabasePart, 'oid' | 'bytes' | 'locale' | 'roles' | 'extensions'> {
  /** Bytes of tables and large objects without their indexes, as of the last ANALYZE or VACUUM. */
  readonly contentBytes: number;
  /** What a dump of this database cannot hold. */
  readonly missing: readonly Missing[];
}

/** Functions that measure a table would wait behind whoever has it locked; its last known pages do. */
const databaseQuery = `
  select pg_database_size(d.oid) as bytes, d.oid::text as oid,
         (select coalesce(sum(greatest(c.relpages, 0)::bigint), 0) from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'm', 't')
            and (n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                 or n.nspname = 'pg_toast' or c.relname = 'pg_largeobject'))
           * current_setting('block_size')::int as content_bytes
  from pg_database d where d.datname = current_database()`;

/** Owners, and whoever a privilege was granted to; the bootstrap superuser is in no pg_shdepend. */
const rolesQuery = `
  select distinct r.rolname as name from pg_roles r where r.oid in (
    select s.refobjid from pg_shdepend s
    where s.refclassid = 'pg_authid'::regclass
      and s.dbid = (select oid from pg_database where datname = current_database())
    union select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union select p.proowner from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union select lomowner from pg_largeobject_metadata)
  order by 1`;

const extensionsQuery = `
  select extname as name, extversion as version from pg_extension
  where extname <> 'plpgsql' order by extname`;

const unreadableQuery = `
  select format('%I.%I', n.nspname, c.relname) as name,
         case when c.relkind <> 'S' and row_security_active(c.oid) then 'row security'
              else 'no privilege' end as why
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and ((c.relkind in ('r', 'p', 'm')
          and (not has_table_privilege(c.oid, 'select') or not has_schema_privilege(n.oid, 'usage')
               or row_security_active(c.oid)))
      or (c.relkind = 'S' and not has_sequence_privilege(c.oid, 'select')))
  order by 1`;

const foreignQuery = `
  select count(*) filter (where c.relkind = 'f') as foreign_tables,
         count(*) filter (where c.relkind = 'r' and c.relpersistence = 'u') as unlogged
  from pg_class c`;

/**
 * Sees whether this role can read all there is, and reads what a restore has to know.
 * @throws Fault `database-denied` naming what cannot be read
 */
export async function preflight(
  queries: Pick<Queries, 'query'>,
  identity: DatabaseIdentity,
  signal: AbortSignal,
): Promise<DatabaseFacts> {
  const all = async (sql: string) => (await queries.query(sql, [], signal)).rows;
  await requireReadable(await all(unreadableQuery), identity.database);
  const [database] = await all(databaseQuery);
  const [special] = await all(foreignQuery);
  return {
    oid: String(database?.oid),
    bytes: Number(database?.bytes),
    contentBytes: Number(database?.content_bytes),
    locale: await readLocale(queries, signal),
    roles: (await all(rolesQuery)).map((row) => String(row.name)),
    extensions: await readExtensions(queries, signal),
    missing: missingOf(special, identity),
  };
}

/** Those that are installed in the database one is connected to. */
export async function readExtensions(
  queries: Pick<Queries, 'query'>,
  signal: AbortSignal,
): Promise<DatabasePart['extensions']> {
  const { rows } = await queries.query(extensionsQuery, [], signal);
  return rows.map(({ name, version }) => ({ name: String(name), version: String(version) }));
}

function requireReadable(rows: readonly Row[], database: string): void {
  if (rows.length === 0) return;
  const shown = rows.slice(0, 5).map(({ name, why }) => `${name} (${why})`.replaceAll(/\s+/g, ' '));
  const more = rows.length > shown.length ? ` and ${rows.length - shown.length} more` : '';
  throw new Fault(
    'database-denied',
    `${database} cannot be backed up whole: this role may not read ${shown.join(', ')}${more}`,
  );
}

function missingOf(special: Row | undefined, { inRecovery }: DatabaseIdentity): Missing[] {
  return [
    { what: 'passwords of roles', why: 'they are left out of globals.sql on purpose' },
    {
      what: 'settings and privileges of the database itself',
      why: 'restored with pg_restore -C only',
    },
    {
      what: 'subscriptions when it is restored',
      why: 'a copy that subscribes would take changes from the original',
    },
    {
      what: 'other databases of the cluster, ALTER SYSTEM, replication slots',
      why: 'pg_dump is of one database',
    },
    ...(Number(special?.foreign_tables) > 0
      ? [{ what: 'rows of foreign tables', why: 'they live on another server' }]
      : []),
    ...(Number(special?.unlogged) > 0 && inRecovery
      ? [{ what: 'rows of unlogged tables', why: 'a standby does not have them' }]
      : []),
  ];
}
