import type { Queries } from '../../adapters/postgres/postgres.ts';
import type { DatabasePart } from '../set/manifest.ts';
import type { Lacking } from '../set/reports.ts';

const rolesQuery =
  'select name from unnest($1::text[]) as name where not exists (select from pg_roles where rolname = name)';
const extensionsQuery =
  'select name from unnest($1::text[]) as wanted(name) where not exists (select from pg_available_extensions e where e.name = wanted.name)';

/** Those that come with PostgreSQL are made by initdb of what its host knows; others are in the dump. */
const collationsQuery = `
  select name from unnest($1::text[]) as name where not exists (
    select from pg_collation l where l.collnamespace = 'pg_catalog'::regnamespace
    and l.collname = name
    and l.collencoding in (-1, (select encoding from pg_database where datname = current_database())))`;

/** What a server has to have before a set can be restored on it, and has not. */
export async function lackingOn(
  queries: Pick<Queries, 'query'>,
  { roles, extensions, contents, identity }: Needs,
  signal: AbortSignal,
): Promise<Lacking[]> {
  const missing = async (sql: string, names: readonly string[]) =>
    (await queries.query(sql, [names], signal)).rows.map((row) => String(row.name));
  const lacking = (what: string, why: string) => (name: string) => ({
    what: `${what} ${name}`,
    why,
  });
  const collations = (contents.collations ?? []).filter(({ schema }) => schema === 'pg_catalog');
  return [
    ...(await olderServer(queries, identity, signal)),
    ...(await missing(rolesQuery, roles)).map(
      lacking('role', 'it owns or may use what is in the set, and the server does not have it'),
    ),
    ...(
      await missing(
        extensionsQuery,
        extensions.map(({ name }) => name),
      )
    ).map(lacking('extension', 'the set uses it, and it is not installed on the server')),
    ...(
      await missing(
        collationsQuery,
        collations.map(({ name }) => name),
      )
    ).map(lacking('collation', 'columns of the set use it, and the server does not know it')),
  ];
}

type Needs = Pick<DatabasePart, 'roles' | 'extensions' | 'contents' | 'identity'>;

/** A dump may hold what only servers of its version or newer understand. */
async function olderServer(
  queries: Pick<Queries, 'query'>,
  { serverVersion }: DatabasePart['identity'],
  signal: AbortSignal,
): Promise<Lacking[]> {
  const { rows } = await queries.query(
    `select current_setting('server_version_num') as version`,
    [],
    signal,
  );
  const [from, here] = [serverVersion, Number(rows[0]?.version)].map((version) =>
    Math.floor(version / 10_000),
  );
  if (from === undefined || here === undefined || here >= from) return [];
  const why = `the set was made of PostgreSQL ${from}, and the server is PostgreSQL ${here}`;
  return [{ what: 'a server that is not older', why }];
}
