import type { Queries } from '../../adapters/postgres/postgres.ts';
import type { DatabasePart } from '../set/manifest.ts';
import type { Lacking } from '../set/reports.ts';

const rolesQuery =
  'select name from unnest($1::text[]) as name where not exists (select from pg_roles where rolname = name)';
const extensionsQuery =
  'select name from unnest($1::text[]) as wanted(name) where not exists (select from pg_available_extensions e where e.name = wanted.name)';

/** What a server has to have before a set can be restored on it, and has not. */
export async function lackingOn(
  queries: Pick<Queries, 'query'>,
  { roles, extensions }: Pick<DatabasePart, 'roles' | 'extensions'>,
  signal: AbortSignal,
): Promise<Lacking[]> {
  const missing = async (sql: string, names: readonly string[]) =>
    (await queries.query(sql, [names], signal)).rows.map((row) => String(row.name));
  const lacking = (what: string, why: string) => (name: string) => ({
    what: `${what} ${name}`,
    why,
  });
  return [
    ...(await missing(rolesQuery, roles)).map(
      lacking('role', 'it owns or may use what is in the set, and the server does not have it'),
    ),
    ...(
      await missing(
        extensionsQuery,
        extensions.map(({ name }) => name),
      )
    ).map(lacking('extension', 'the set uses it, and it is not installed on the server')),
  ];
}
