import type { Database } from '../adapters/postgres/postgres.ts';
import { identifier } from '../backup/database/names.ts';
import type { MigrationFiles } from './layout.ts';

export interface Applied {
  /** As the table has it, without leading zeros. */
  readonly version: string;
  /** RFC 3339; null where the table tells no time. */
  readonly at: string | null;
}

export interface AppliedTable {
  readonly table: string;
  readonly applied: readonly Applied[];
  /** The highest version alone is kept: everything up to it counts as applied. */
  readonly upTo: boolean;
  /** A migration stopped in the middle, and the table says so. */
  readonly dirty: boolean;
}

/**
 * The table of applied migrations, read only. golang-migrate keeps one row of version and dirty; others
 * keep a row a migration, some with its time.
 * @returns undefined when the database has no such table
 */
export async function readApplied(
  database: Pick<Database, 'transaction'>,
  signal: AbortSignal,
): Promise<AppliedTable | undefined> {
  return database.transaction(
    { readOnly: true, isolation: 'repeatable read' },
    async (transaction) => {
      const columns = await transaction.query(
        `select n.nspname, a.attname, format_type(a.atttypid, null) as type
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
           join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          where c.oid = to_regclass('schema_migrations') and c.relkind in ('r', 'p')
          order by a.attnum`,
        [],
        signal,
      );
      const names = columns.rows.map(({ attname }) => String(attname));
      if (!names.includes('version')) return undefined;
      const schema = String(columns.rows[0]?.nspname);
      const time = columns.rows.find(({ type }) => type === 'timestamp with time zone')?.attname;
      const at =
        time === undefined
          ? 'null'
          : `to_char(${identifier(String(time))} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
      const dirty = names.includes('dirty') ? 'dirty' : 'false';
      const { rows } = await transaction.query(
        `select version::text as version, ${at} as at, ${dirty} as dirty
           from ${identifier(schema)}.schema_migrations order by version`,
        [],
        signal,
      );
      return {
        table: `${schema}.schema_migrations`,
        applied: rows.map((row) => ({
          version: withoutZeros(String(row.version)),
          at: row.at === null ? null : String(row.at),
        })),
        upTo: names.includes('dirty'),
        dirty: rows.some((row) => row.dirty === true),
      };
    },
    signal,
  );
}

/** Every migration that the table says is applied, oldest first, whether or not there is a file of it. */
export function appliedMigrations(
  { applied, upTo }: AppliedTable,
  migrations: readonly MigrationFiles[],
): readonly Applied[] {
  const sorted = applied.toSorted((a, b) => compare(a.version, b.version));
  const last = sorted.at(-1);
  if (!upTo || last === undefined) return sorted;
  const known = migrations
    .map(asApplied)
    .filter(({ version }) => compare(version, last.version) <= 0);
  return known.some(({ version }) => version === last.version) ? known : [...known, last];
}

export function asApplied({ version }: MigrationFiles): Applied {
  return { version: withoutZeros(version), at: null };
}

function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Files write 0002 where tables of numbers write 2. */
export function withoutZeros(version: string): string {
  return version.replace(/^0+(?=\d)/, '');
}
