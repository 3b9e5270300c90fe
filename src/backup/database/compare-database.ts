import type { DatabaseIdentity, DatabaseSettings } from '../../adapters/postgres/postgres.ts';
import { damageOf, unpacked } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import type { Chosen } from '../restore/choose-entries.ts';
import { type Filled, filled } from '../restore/database.ts';
import { type Contents, type DatabasePart, fileAt, type Manifest } from '../set/manifest.ts';
import type { Lacking } from '../set/reports.ts';
import { setKey } from '../set/set-id.ts';
import { type BackupSystems, together } from '../systems.ts';
import { clientVersion } from './client-tools.ts';
import { compareContents, otherVersions } from './compare.ts';
import { fixSession, readContents } from './contents.ts';
import { dumpSchema } from './dump-schema.ts';
import type { NamedRelation } from './names.ts';
import { readExtensions } from './preflight.ts';
import { readTables } from './row-hash.ts';
import { partialSchemaDifference, schemaDifference } from './schema-text.ts';

/** Nobody else works in a copy; a lock there is our own mistake. */
const lockTimeoutMs = 10_000;

/**
 * Compares a restored database with what the manifest says its source held.
 * @param only what of it was restored, when that is not all; then the rest is said to be lacking
 */
export async function compareDatabase(
  manifest: Pick<Manifest, 'set' | 'files'> & { readonly database: DatabasePart },
  repository: Repository,
  copy: { readonly settings: DatabaseSettings; readonly identity: DatabaseIdentity },
  systems: BackupSystems,
  only?: Chosen,
): Promise<Filled> {
  const { adapters, signal } = systems;
  const { database } = manifest;
  const postgres = await adapters.postgres();
  await using connection = await postgres.connect(copy.settings, signal);
  const key = ({ schema, name }: NamedRelation) => `${schema}\0${name}`;
  const methods = new Map(database.contents.tables.map((table) => [key(table), table.method]));
  const read = (signal: AbortSignal) =>
    connection.transaction(
      { isolation: 'repeatable read', readOnly: true },
      async (transaction) => {
        await fixSession(transaction, lockTimeoutMs, signal);
        const tables = await readTables(transaction, signal);
        const methodOf = (table: NamedRelation) => methods.get(key(table));
        const contents = await readContents(transaction, signal, { methodOf, tables });
        return { tables, contents, extensions: await readExtensions(transaction, signal) };
      },
      signal,
    );
  const [{ tables, contents, extensions }, schema] = await together(signal, [
    read,
    (inner) =>
      compareSchema(manifest, repository, copy.settings, { ...systems, signal: inner }, only),
  ]);
  const columns = new Map(tables.map((table) => [key(table), table.columns.map(([name]) => name)]));
  const columnsOf = (table: NamedRelation) => columns.get(key(table)) ?? [];
  const expected = only ? partOf(database, only, contents) : database;
  const rowsOnly = major(copy.identity.serverVersion) !== major(database.identity.serverVersion);
  return {
    ...filled,
    damage: schema.damage,
    differences: [
      ...compareContents(expected, contents, { rowsOnly, columnsOf }),
      ...schema.differences,
    ],
    lacking: [
      ...(only ? notRestored(only) : []),
      ...schema.lacking,
      ...otherVersions(database, { extensions, contents }),
      ...(rowsOnly
        ? [
            {
              what: 'the content of rows',
              why: `fingerprints of PostgreSQL ${major(database.identity.serverVersion)} are not those of ${major(copy.identity.serverVersion)}`,
            },
          ]
        : []),
    ],
  };
}

/** What a copy has to hold of which only a part was restored. */
function partOf(
  database: DatabasePart,
  { tables, sequences, views }: Chosen,
  copy: Contents,
): Pick<DatabasePart, 'contents' | 'sequencesAfter'> {
  const { sequencesAfter } = database;
  // Large objects belong to no table, and of constraints there is only a count of all.
  const { largeObjects, constraints } = copy;
  const part = { tables, sequences, materializedViews: views, largeObjects, constraints };
  return { contents: { ...database.contents, ...part }, sequencesAfter };
}

const notRestored = ({ leftOut }: Chosen): Lacking[] => [
  { what: 'the rest of the set', why: 'it was not asked for, and not restored' },
  ...leftOut.map((what) => ({ what, why: 'it needs a table that was not asked for' })),
];

const major = (version: number): number => Math.floor(version / 10_000);

async function compareSchema(
  { set, files, database }: Pick<Manifest, 'set' | 'files'> & { readonly database: DatabasePart },
  repository: Repository,
  settings: DatabaseSettings,
  systems: BackupSystems,
  only: Chosen | undefined,
): Promise<Filled> {
  const { signal } = systems;
  const client = await clientVersion('pg_dump', systems);
  if (client !== database.client) {
    const why = `the set was dumped by pg_dump ${database.client}, and ${client} is here: they may write the same in other words`;
    return { ...filled, lacking: [{ what: 'the text of the schema', why }] };
  }
  const file = fileAt({ files }, database.schema);
  const key = setKey(set, file.path);
  const stored = await repository.get(key, signal);
  if (!stored) return { ...filled, damage: [{ path: key, problem: 'it is missing' }] };
  let expected: string;
  try {
    expected = Buffer.concat(await unpacked(stored, file, repository).toArray()).toString('utf8');
  } catch (error) {
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    return { ...filled, damage: [{ path: key, problem }] };
  }
  const found = await dumpSchema(settings, systems);
  const difference = (only ? partialSchemaDifference : schemaDifference)(expected, found);
  if (!difference) return filled;
  const { object, ...lines } = difference;
  return { ...filled, differences: [{ what: 'schema', name: object, ...lines }] };
}
