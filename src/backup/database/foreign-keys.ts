import type { DatabaseSettings, Queries } from '../../adapters/postgres/postgres.ts';
import { type Filled, filled } from '../restore/database.ts';
import type { Difference } from '../set/reports.ts';
import type { BackupSystems } from '../systems.ts';
import { fixSession } from './contents.ts';
import { identifier, type NamedRelation, nameOf, relation } from './names.ts';

/** Nobody else works in a copy; a lock there is our own mistake. */
const lockTimeoutMs = 10_000;

/** Rows without a counterpart that are counted of a key; more are not told apart. */
const mostRows = 1000;

/**
 * Keys that say of themselves that they hold; those of partitions follow from that of the table. The
 * operators and the collation are those that PostgreSQL itself compares by.
 */
const keysQuery = `
  select n.nspname as schema, t.relname as name, o.conname as key, o.confmatchtype = 'f' as full,
         t.relkind = 'p' as parted, m.nspname as other_schema, f.relname as other_name,
         f.relkind = 'p' as other_parted,
         (select json_agg(json_build_array(a.attname, b.attname, s.nspname, p.oprname,
             cn.nspname, c.collname) order by k.at)::text
          from unnest(o.conkey, o.confkey, o.conpfeqop) with ordinality as k(mine, theirs, op, at)
          join pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.mine
          join pg_attribute b on b.attrelid = o.confrelid and b.attnum = k.theirs
          join pg_operator p on p.oid = k.op join pg_namespace s on s.oid = p.oprnamespace
          left join pg_collation c on c.oid = b.attcollation
          left join pg_namespace cn on cn.oid = c.collnamespace) as columns
  from pg_constraint o join pg_class t on t.oid = o.conrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_class f on f.oid = o.confrelid join pg_namespace m on m.oid = f.relnamespace
  where o.contype = 'f' and o.convalidated and o.conparentid = 0
  order by n.nspname collate "C", t.relname collate "C", o.conname collate "C"`;

type Pair = readonly [
  mine: string,
  theirs: string,
  operatorSchema: string,
  operator: string,
  collationSchema: string | null,
  collation: string | null,
];

interface Key extends NamedRelation {
  readonly key: string;
  /** MATCH FULL: either all of it is null or nothing. */
  readonly full: boolean;
  readonly pairs: readonly Pair[];
  /** As written after FROM. */
  readonly own: string;
  readonly other: string;
}

/**
 * Looks for a counterpart of every row, by every foreign key of a copy that is marked as valid.
 * PostgreSQL did the same when pg_restore added the key; this does not take its word for it.
 * @throws Fault `database-*`
 */
export async function checkForeignKeys(
  settings: DatabaseSettings,
  { adapters, signal }: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<Filled> {
  const postgres = await adapters.postgres();
  await using connection = await postgres.connect(settings, signal);
  return await connection.transaction(
    { isolation: 'repeatable read', readOnly: true },
    async (transaction) => {
      await fixSession(transaction, lockTimeoutMs, signal);
      const differences: Difference[] = [];
      for (const key of await readKeys(transaction, signal)) {
        const { rows } = await transaction.query(orphansQuery(key), [], signal);
        const count = Number(rows[0]?.count);
        if (count > 0) differences.push(difference(key, count));
      }
      return { ...filled, differences };
    },
    signal,
  );
}

const difference = ({ schema, name, key }: Key, count: number): Difference => ({
  what: 'foreign key',
  name: `${schema}.${name} ${key}`,
  expected: 'a counterpart of every row',
  found: `${count}${count === mostRows ? ' or more' : ''} without one`,
});

async function readKeys(queries: Pick<Queries, 'query'>, signal: AbortSignal): Promise<Key[]> {
  const { rows } = await queries.query(keysQuery, [], signal);
  return rows.map((row) => {
    const own = nameOf(row);
    const other = { schema: String(row.other_schema), name: String(row.other_name) };
    return {
      ...own,
      key: String(row.key),
      full: row.full === true,
      pairs: JSON.parse(String(row.columns)),
      // A key of a table is not one of those that inherit from it.
      own: `${row.parted === true ? '' : 'only '}${relation(own)}`,
      other: `${row.other_parted === true ? '' : 'only '}${relation(other)}`,
    };
  });
}

function orphansQuery({ full, pairs, own, other }: Key): string {
  const mine = pairs.map(([name]) => `c.${identifier(name)}`);
  const equal = pairs.map(([name, theirs, schema, operator, collationSchema, collation]) => {
    const collate =
      collation === null || collationSchema === null
        ? ''
        : ` collate ${relation({ schema: collationSchema, name: collation })}`;
    return `p.${identifier(theirs)} operator(${identifier(schema)}.${operator}) c.${identifier(name)}${collate}`;
  });
  const noneNull = mine.map((column) => `${column} is not null`).join(' and ');
  const someNull = mine.map((column) => `${column} is null`).join(' or ');
  const someValue = mine.map((column) => `${column} is not null`).join(' or ');
  const alone = `not exists (select from ${other} as p where ${equal.join(' and ')})`;
  // Two queries, so that each can be an anti-join.
  const queries = [
    `select from ${own} as c where ${noneNull} and ${alone}`,
    ...(full ? [`select from ${own} as c where (${someNull}) and (${someValue})`] : []),
  ];
  return `select count(*) as count from (${queries.join(' union all ')} limit ${mostRows}) as rows`;
}
