import type { Queries } from '../../adapters/postgres/postgres.ts';
import type { Contents } from '../set/manifest.ts';
import { type NamedRelation, nameOf, ours, relation } from './names.ts';
import { type FingerprintMethod, fingerprint, readTables, type Table } from './row-hash.ts';

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
  set local jit = off;
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

/**
 * By content and owner; the pages that hold an object may differ after a restore. Apart from these, by
 * privileges and comment, which no dump of the schema has.
 */
const largeObjectsQuery = `
  select count(*) as count,
         coalesce(sum(hashtextextended(m.oid::text || ' ' || pg_get_userbyid(m.lomowner) || ' ' ||
                      encode(sha256(lo_get(m.oid)), 'hex'), 0)::numeric), 0) as fingerprint,
         coalesce(sum(hashtextextended(json_build_array(m.oid::text, obj_description(m.oid, 'pg_largeobject'),
           (select json_agg(g order by g::text collate "C")
            from (select json_build_array(pg_get_userbyid(x.grantor), x.grantee::regrole::text,
                                          x.privilege_type, x.is_grantable) as g
                  from aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) x) as grants))::text,
           0)), 0) as rights
  from pg_largeobject_metadata m`;

/**
 * The version that the rules of a collation had when it was made, where its provider has such. Of those
 * that come with PostgreSQL the ones that columns use.
 */
const collationsQuery = `
  select n.nspname as schema, l.collname as name, l.collversion as version
  from pg_collation l join pg_namespace n on n.oid = l.collnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     or n.nspname = 'pg_catalog' and l.collname not in ('default', 'C', 'POSIX')
        and exists (select from pg_attribute a join pg_class c on c.oid = a.attrelid
                    join pg_namespace s on s.oid = c.relnamespace
                    where a.attcollation = l.oid and a.attnum > 0 and not a.attisdropped
                    and s.nspname !~ '^pg_' and s.nspname <> 'information_schema')
  order by n.nspname collate "C", l.collname collate "C"`;

const constraintsQuery = `
  select count(*) as total, count(*) filter (where not o.convalidated) as not_valid
  from pg_constraint o join pg_namespace n on n.oid = o.connamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend d where d.classid = 'pg_constraint'::regclass
                    and d.objid = o.oid and d.deptype = 'e')`;

export interface Reading {
  /** How the other side was fingerprinted; that of new sets when not given. */
  readonly methodOf?: (table: NamedRelation) => FingerprintMethod | undefined;
  /** Those of the database when not given. */
  readonly tables?: readonly Table[];
}

/**
 * What a database holds, as far as a copy has to hold the same. The transaction has to be prepared by
 * {@link fixSession}, and should be repeatable read.
 */
export async function readContents(
  transaction: Asking,
  signal: AbortSignal,
  { methodOf = () => undefined, tables: given }: Reading = {},
): Promise<Contents> {
  const all = async (sql: string) => (await transaction.query(sql, [], signal)).rows;
  const sequences = await readSequences(transaction, signal);
  const tables: Contents['tables'][number][] = [];
  for (const table of given ?? (await readTables(transaction, signal))) {
    const { schema, name } = table;
    const method = methodOf(table) ?? 'hashes';
    tables.push({
      ...{ schema, name, method },
      ...(await fingerprint(transaction, table, method, signal)),
    });
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
      rights: String(objects?.rights),
    },
    constraints: { total: Number(constraints?.total), notValid: Number(constraints?.not_valid) },
    collations: (await all(collationsQuery)).map((row) => ({
      ...nameOf(row),
      version: row.version === null ? null : String(row.version),
    })),
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
