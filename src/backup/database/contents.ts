import type { Queries, Row } from '../../adapters/postgres/postgres.ts';
import type { Contents } from '../set/manifest.ts';

type Asking = Pick<Queries, 'query' | 'script'>;

/**
 * What changes how a value is written as text, or keeps rows from being seen. With row security off
 * a filtered table is an error instead of a shorter table.
 */
const session = `
  set local search_path = pg_catalog;
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local timezone = 'UTC';
  set local extra_float_digits = 3;
  set local bytea_output = 'hex';
  set local xmloption = 'content';
  set local lc_monetary = 'C';
  set local quote_all_identifiers = off;
  set local row_security = off;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
`;

/**
 * Prepares an open transaction for {@link readContents}.
 * @param lockTimeoutMs how long a statement may wait behind a lock
 */
export async function fixSession(
  transaction: Asking,
  lockTimeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  await transaction.script(`${session} set local lock_timeout = ${lockTimeoutMs};`, signal);
}

/** Schemas and objects that a dump holds: neither the system's nor those of an extension. */
const ours = (relation: string) => `
  n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                  and d.objid = ${relation}.oid and d.deptype = 'e')`;

/** Of these the record hash tells every value apart, with a deterministic collation. */
const exactTypes = `('bool'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype,
  'text'::regtype, 'varchar'::regtype, 'bytea'::regtype, 'uuid'::regtype,
  'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)`;

/**
 * Of these equal values can be written in several ways, which their text tells apart; and a cast of
 * theirs gives what their output function does, unless somebody made a cast of his own. That of
 * char(n) drops blanks.
 */
const castTypes = `('numeric'::regtype, 'float4'::regtype, 'float8'::regtype, 'interval'::regtype,
  'time'::regtype, 'timetz'::regtype, 'json'::regtype, 'jsonb'::regtype, 'text[]'::regtype,
  'varchar[]'::regtype, 'int2[]'::regtype, 'int4[]'::regtype, 'int8[]'::regtype,
  'uuid[]'::regtype, 'numeric[]'::regtype)`;

/**
 * Tables, and of each column whether the hash of its value tells all values apart, or that of its
 * text. Neither is sure of other types, such as an enum, whose hash is one of an object identifier
 * that a copy does not keep.
 */
const tablesQuery = `
  select n.nspname as schema, c.relname as name,
         coalesce((select json_agg(json_build_array(a.attname, case
             when a.atttypid in ${exactTypes}
                  and (a.attcollation = 0 or (select collisdeterministic from pg_collation l
                                              where l.oid = a.attcollation)) then 'exact'
             when a.atttypid in ${castTypes}
                  and not exists (select from pg_cast k where k.castsource = a.atttypid
                                  and k.casttarget = 'text'::regtype and k.castmethod = 'f')
                  then 'cast'
             else 'other' end) order by a.attnum)
           from pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text, '[]') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and ${ours('c')}
  order by n.nspname collate "C", c.relname collate "C"`;

const sequencesQuery = `
  select n.nspname as schema, c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and ${ours('c')}
  order by n.nspname collate "C", c.relname collate "C"`;

const viewsQuery = `
  select n.nspname as schema, c.relname as name, c.relispopulated as populated
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'm' and ${ours('c')}
  order by n.nspname collate "C", c.relname collate "C"`;

/** By content and owner; the pages that hold an object may differ after a restore. */
const largeObjectsQuery = `
  select count(*) as count,
         coalesce(sum(hashtextextended(m.oid::text || ' ' || pg_get_userbyid(m.lomowner) || ' ' ||
                      encode(sha256(lo_get(m.oid)), 'hex'), 0)::numeric), 0) as fingerprint
  from pg_largeobject_metadata m`;

const constraintsQuery = `
  select count(*) as total, count(*) filter (where not o.convalidated) as not_valid
  from pg_constraint o join pg_namespace n on n.oid = o.connamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend d where d.classid = 'pg_constraint'::regclass
                    and d.objid = o.oid and d.deptype = 'e')`;

/** A name no column should have; and `x.*` means the row even where one has. */
const alias = 'deploycheck_row_7f3a';

type Column = readonly [name: string, kind: 'exact' | 'cast' | 'other'];

const fingerprints = {
  record: () => `hash_record_extended(${alias}.*, 0)`,
  /** A third of the cost of the text of whole rows. */
  columns: (columns: readonly Column[]) => {
    const values = columns.map(([name, kind]) => {
      const value = `${alias}.${identifier(name)}`;
      return kind === 'exact' ? value : `${value}::text`;
    });
    return `hash_record_extended(row(${values.join(', ')}), 0)`;
  },
  text: () => `hashtextextended((${alias}.*)::text, 0)`,
} as const;

export type FingerprintMethod = keyof typeof fingerprints;

function methodFor(columns: readonly Column[]): FingerprintMethod {
  if (columns.every(([, kind]) => kind === 'exact')) return 'record';
  return columns.some(([, kind]) => kind === 'other') ? 'text' : 'columns';
}

export interface NamedRelation {
  readonly schema: string;
  readonly name: string;
}

/** Count and fingerprint of a table's own rows. A sum, because xor would cancel equal rows out. */
async function fingerprint(
  transaction: Asking,
  table: NamedRelation,
  hash: string,
  signal: AbortSignal,
): Promise<{ readonly rows: number; readonly fingerprint: string }> {
  const { rows } = await transaction.query(
    // A sum of bigint is one of 128 bits, and does not overflow.
    `select count(*) as rows, coalesce(sum(${hash}), 0) as fingerprint
     from only ${relation(table)} as ${alias}`,
    [],
    signal,
  );
  return { rows: Number(rows[0]?.rows), fingerprint: String(rows[0]?.fingerprint) };
}

/**
 * What a database holds, as far as a copy has to hold the same. The transaction has to be prepared by
 * {@link fixSession}, and should be repeatable read.
 * @param methodOf how the other side was fingerprinted; undefined lets the types of the columns decide
 */
export async function readContents(
  transaction: Asking,
  signal: AbortSignal,
  methodOf: (table: NamedRelation) => FingerprintMethod | undefined = () => undefined,
): Promise<Contents> {
  const all = async (sql: string) => (await transaction.query(sql, [], signal)).rows;
  const sequences = await readSequences(transaction, signal);
  const tables: Contents['tables'][number][] = [];
  for (const row of await all(tablesQuery)) {
    const table = nameOf(row);
    const columns: readonly Column[] = JSON.parse(String(row.columns));
    const method = methodOf(table) ?? methodFor(columns);
    const hash = fingerprints[method](columns);
    tables.push({ ...table, method, ...(await fingerprint(transaction, table, hash, signal)) });
  }
  const [objects] = await all(largeObjectsQuery);
  const [constraints] = await all(constraintsQuery);
  return {
    tables,
    sequences,
    materializedViews: (await all(viewsQuery)).map((row) => ({
      ...nameOf(row),
      populated: row.populated === true,
    })),
    largeObjects: {
      count: Number(objects?.count),
      fingerprint: String(objects?.fingerprint),
    },
    constraints: { total: Number(constraints?.total), notValid: Number(constraints?.not_valid) },
  };
}

/** Sequences obey no snapshot: this is what they are at the moment. */
export async function readSequences(
  transaction: Asking,
  signal: AbortSignal,
): Promise<Contents['sequences']> {
  const found: Contents['sequences'][number][] = [];
  for (const row of (await transaction.query(sequencesQuery, [], signal)).rows) {
    const sequence = nameOf(row);
    const { rows } = await transaction.query(
      `select last_value::text as value, is_called as called from ${relation(sequence)}`,
      [],
      signal,
    );
    const value = { value: String(rows[0]?.value), called: rows[0]?.called === true };
    found.push({ ...sequence, value });
  }
  return found;
}

const nameOf = (row: Row): NamedRelation => ({
  schema: String(row.schema),
  name: String(row.name),
});

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const relation = ({ schema, name }: NamedRelation): string =>
  `${identifier(schema)}.${identifier(name)}`;
