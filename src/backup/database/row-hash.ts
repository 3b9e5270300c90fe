import type { Queries } from '../../adapters/postgres/postgres.ts';
import type { Contents } from '../set/manifest.ts';
import { identifier, type NamedRelation, nameOf, ours, relation } from './names.ts';

/** Of these a hash of the value tells every value apart, with a deterministic collation. */
const exactTypes = `('bool'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype,
  'text'::regtype, 'varchar'::regtype, 'bytea'::regtype, 'uuid'::regtype,
  'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)`;

/**
 * Tables and their columns. The hash of a value that is equal to another one, and written in another
 * way, is the same, and that of an enum is one of an object identifier that a copy does not keep; so
 * for most types the text is hashed. A cast gives what the output function does, unless somebody made a
 * cast of his own; that of char(n) drops blanks. What a domain is cast by is not looked up.
 *
 * By name: a copy has inherited columns before its own, also one that its parent was given later.
 */
const tablesQuery = `
  select n.nspname as schema, c.relname as name,
         coalesce((select json_agg(json_build_array(a.attname, case
             when a.atttypid in ${exactTypes} then t.typname
             when t.typtype <> 'd' and not exists (
               select from pg_cast k where k.castsource = a.atttypid
               and k.casttarget = 'text'::regtype and k.castmethod = 'f') then 'cast'
             else 'other' end,
             a.attcollation = 0 or (select collisdeterministic from pg_collation l
                                    where l.oid = a.attcollation),
             a.attnum) order by a.attname collate "C")
           from pg_attribute a join pg_type t on t.oid = a.atttypid
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text, '[]') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and ${ours('c')}
  order by n.nspname collate "C", c.relname collate "C"`;

/** `kind` is the name of an exact type, `cast`, or `other`. */
type Column = readonly [name: string, kind: string, deterministic: boolean, position: number];

export interface Table extends NamedRelation {
  /** By their names. */
  readonly columns: readonly Column[];
}

export type FingerprintMethod = Contents['tables'][number]['method'];

/** A name no column should have; and `x.*` means the row even where one has. */
const alias = 'deploycheck_row_7f3a';

export async function readTables(
  queries: Pick<Queries, 'query'>,
  signal: AbortSignal,
): Promise<Table[]> {
  const { rows } = await queries.query(tablesQuery, [], signal);
  return rows.map((row) => ({ ...nameOf(row), columns: JSON.parse(String(row.columns)) }));
}

/** Count and fingerprint of a table's own rows. Sums, because xor would cancel equal rows out. */
export async function fingerprint(
  queries: Pick<Queries, 'query'>,
  table: Table,
  method: FingerprintMethod,
  signal: AbortSignal,
): Promise<Pick<Contents['tables'][number], 'rows' | 'fingerprint' | 'columns'>> {
  const { rows } = await queries.query(selects[method](table), [], signal);
  const { rows: count, fingerprint: sum, ...columns } = rows[0] ?? {};
  const sums = Object.values(columns).map(String);
  return {
    rows: Number(count),
    fingerprint: String(sum),
    ...(sums.length > 0 && { columns: sums.join(' ') }),
  };
}

/** A sum of bigint is one of 128 bits, and does not overflow. */
const sum = (hash: string): string => `coalesce(sum(${hash}), 0)`;

const wholeRow = (hash: string) => (table: Table) =>
  `select count(*) as rows, ${sum(hash)} as fingerprint from only ${relation(table)} as ${alias}`;

/** One SELECT of `rows`, `fingerprint`, and whatever there is of columns, in their order. */
const selects: { readonly [M in FingerprintMethod]: (table: Table) => string } = {
  hashes: hashesSelect,
  // Of earlier versions. PostgreSQL combines the hashes of columns by a sum, so in these two methods a
  // value that changed places with that of another row often leaves the sum over the rows as it was.
  record: wholeRow(`hash_record_extended(${alias}.*, 0)`),
  columns: (table) => {
    const inTable = table.columns.toSorted(([, , , a], [, , , b]) => a - b);
    const values = inTable.map(([name, kind, deterministic]) => {
      const exact = kind !== 'cast' && kind !== 'other' && deterministic;
      return `${alias}.${identifier(name)}${exact ? '' : '::text'}`;
    });
    return wholeRow(`hash_record_extended(row(${values.join(', ')}), 0)`)(table);
  },
  text: wholeRow(`hashtextextended((${alias}.*)::text, 0)`),
};

/**
 * The hash of each value is computed once, by the inner select. Its sums tell which columns differ. The hash of the row is one of
 * those hashes; what PostgreSQL combines linearly is hashed once more, as a float8, the widest type that
 * is hashed as a whole. A table has 1600 columns at most, and a select can have 1664.
 */
function hashesSelect(table: Table): string {
  const names = table.columns.map((_, at) => `h${at}`);
  const hashes = table.columns.map((column, at) => `${hashOf(column)} as h${at}`);
  const row = `hash_array_extended(array[${names.join(', ')}]::int8[], 0)`;
  const sums = names.map((name, at) => `${sum(name)} as c${at}`);
  return `select ${['count(*) as rows', `${sum(`hashfloat8extended(${row}::float8, 0)`)} as fingerprint`, ...sums].join(', ')}
    from (select ${[...hashes, apart].join(', ')} from only ${relation(table)} as ${alias}) as hashed`;
}

/**
 * A select that calls a volatile function is not merged into the outer one, which would compute each hash
 * twice. OFFSET 0 does the same, but keeps parallel workers away; this function is the cheapest that does not.
 */
const apart = 'pg_is_in_recovery()';

/** Functions of their own are several times as fast as the one for records, which knows all types. */
function hashOf([name, kind]: Column): string {
  const value = `${alias}.${identifier(name)}`;
  switch (kind) {
    case 'int2':
    case 'int4':
    case 'int8':
      return `hash${kind}extended(${value}, 0)`;
    case 'bool':
      return `hashint4extended(${value}::int4, 0)`;
    case 'uuid':
      return `uuid_hash_extended(${value}, 0)`;
    case 'timestamp':
      return `timestamp_hash_extended(${value}, 0)`;
    case 'text':
    case 'varchar':
    case 'cast':
      return textHash(`${value}::text`);
    case 'other':
      return textHash(`row(${value})::text`);
    default:
      return `hash_record_extended(row(${value}), 0)`;
  }
}

/** Equal in a collation of somebody's own are texts that are not the same. */
const textHash = (text: string): string => `hashtextextended(${text} collate "C", 0)`;
