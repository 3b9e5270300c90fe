import type { Database, Queries } from '../adapters/postgres/postgres.ts';
import { fixSession } from '../backup/database/contents.ts';
import { identifier } from '../backup/database/names.ts';

/** Names of the columns, by the quoted name of their table. */
export type Columns = ReadonlyMap<string, readonly string[]>;

export interface TableRows {
  readonly rows: number;
  /** Sum of the hashes of the rows' text: the order of rows does not matter, equal rows count. */
  readonly sum: string;
}

/** Milliseconds. Nobody else works in a scratch database. */
const lockTimeoutMs = 10_000;

const columnsQuery = `
  select n.nspname as schema, c.relname as name, a.attname as column
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  order by 1, 2, a.attnum`;

/** The columns of every table that holds rows of its own. */
export async function readColumns(
  queries: Pick<Queries, 'query'>,
  signal: AbortSignal,
): Promise<Columns> {
  const columns = new Map<string, string[]>();
  for (const row of (await queries.query(columnsQuery, [], signal)).rows) {
    const table = `${identifier(String(row.schema))}.${identifier(String(row.name))}`;
    const known = columns.get(table) ?? [];
    columns.set(table, row.column === null ? known : [...known, String(row.column)]);
  }
  return columns;
}

/** Count and sum of these columns of these tables; all of them have to be there. */
export async function readRows(
  database: Pick<Database, 'transaction'>,
  columns: Columns,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TableRows>> {
  return database.transaction(
    { isolation: 'repeatable read', readOnly: true },
    async (transaction) => {
      await fixSession(transaction, lockTimeoutMs, signal);
      const found = new Map<string, TableRows>();
      for (const [table, names] of columns) {
        const row = `row(${names.map(identifier).join(', ')})::text`;
        const { rows } = await transaction.query(
          `select count(*) as rows, coalesce(sum(hashtextextended(${row}, 0)::numeric), 0)::text as sum
           from only ${table}`,
          [],
          signal,
        );
        found.set(table, { rows: Number(rows[0]?.rows), sum: String(rows[0]?.sum) });
      }
      return found;
    },
    signal,
  );
}

/** The first table whose rows are others than before, in words. */
export function rowsDifference(
  before: ReadonlyMap<string, TableRows>,
  after: ReadonlyMap<string, TableRows>,
): string | undefined {
  for (const [table, { rows, sum }] of before) {
    const now = after.get(table);
    if (now?.rows !== rows) return `${table} had ${rows} rows and has ${now?.rows ?? 'none'}`;
    if (now.sum !== sum) return `values of ${table} are not what they were, in ${rows} rows`;
  }
  return undefined;
}
