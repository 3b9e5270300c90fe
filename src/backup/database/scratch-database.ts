import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type {
  Database,
  DatabaseIdentity,
  DatabaseSettings,
} from '../../adapters/postgres/postgres.ts';
import type { DatabasePart } from '../set/manifest.ts';
import type { Lacking } from '../set/reports.ts';
import { type DatabaseRef, databaseSettings } from '../sources.ts';
import type { BackupAdapters, BackupSystems } from '../systems.ts';
import { identifier } from './contents.ts';

const namePattern = /^deploycheck_scratch_[0-9a-f]{16}$/;

/** What the ledger keeps: where the server's address is found, and how to know our database there. */
const refSchema = z.object({
  server: z.union([
    z.object({ env: z.string() }),
    z.object({ file: z.string() }),
    z.object({ service: z.string() }),
  ]),
  systemIdentifier: z.string(),
  name: z.string().regex(namePattern),
  marker: z.string(),
});

export interface ScratchDatabase {
  readonly name: string;
  readonly settings: DatabaseSettings;
  /** As its own server tells it. */
  readonly identity: DatabaseIdentity;
}

export type Created<T> =
  | { readonly ok: true; readonly value: T }
  /** The server will not, and why: no property of the backup. */
  | { readonly ok: false; readonly lacking: Lacking };

/**
 * An empty database under a random name, with a comment that says whose it is. It goes with the
 * scope.
 * @param server where its address is found; any database of it will do
 * @throws Fault `database-*`
 */
export async function createScratchDatabase(
  server: DatabaseRef,
  locale: DatabasePart['locale'],
  systems: BackupSystems,
): Promise<Created<ScratchDatabase>> {
  const { adapters, signal, scope } = systems;
  const postgres = await adapters.postgres();
  const settings = await databaseSettings(server, systems);
  await using admin = await postgres.connect(settings, signal);
  const { systemIdentifier } = await admin.identity(signal);
  const name = `deploycheck_scratch_${randomBytes(8).toString('hex')}`;
  const marker = `scratch database of deploycheck ${randomBytes(16).toString('hex')}`;
  const ref = JSON.stringify({ server, systemIdentifier, name, marker } satisfies z.infer<
    typeof refSchema
  >);
  await scope.defer(
    `scratch database ${name}`,
    (fresh) => dropScratchDatabase(ref, adapters, fresh, systems.env),
    { deadlineMs: 60_000, leftover: { kind: 'scratch-database', ref } },
  );
  const created = await admin.attempt(
    `create database ${identifier(name)} template template0 ${localeOptions(locale)}`,
    [],
    signal,
  );
  if (!created.ok) {
    const why = `${created.refusal.message} (SQLSTATE ${created.refusal.sqlState})`;
    return { ok: false, lacking: { what: 'a scratch database', why } };
  }
  await admin.query(`comment on database ${identifier(name)} is '${marker}'`, [], signal);
  const own = { ...settings, database: name };
  await using database = await postgres.connect(own, signal);
  const identity = await database.identity(signal);
  await proveEmpty(database, identity, name, signal);
  return { ok: true, value: { name, settings: own, identity } };
}

function localeOptions({
  encoding,
  provider,
  collate,
  ctype,
  locale,
}: DatabasePart['locale']): string {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const own =
    provider === 'c' || locale === null
      ? ''
      : provider === 'i'
        ? ` locale_provider icu icu_locale ${text(locale)}`
        : ` locale_provider builtin builtin_locale ${text(locale)}`;
  return `encoding ${text(encoding)} lc_collate ${text(collate)} lc_ctype ${text(ctype)}${own}`;
}

const relationsQuery = `
  select count(*) as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** A pooler or a proxy between us may lead elsewhere than the name says. */
async function proveEmpty(
  database: Database,
  identity: DatabaseIdentity,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { rows } = await database.query(relationsQuery, [], signal);
  if (identity.database !== name || Number(rows[0]?.count) !== 0) {
    throw new Error(`connecting to ${name} led to ${identity.database}, which is not ours`);
  }
}

/**
 * Undoes a leftover of kind `scratch-database`. What is there no more, or was given another name, is
 * left alone; so is what has neither our comment nor is empty.
 * @throws Fault `setting-missing`, `database-*`; Error when what has the name is not ours
 */
export async function dropScratchDatabase(
  ref: string,
  adapters: Pick<BackupAdapters, 'postgres'>,
  signal: AbortSignal,
  env: BackupSystems['env'] = process.env,
): Promise<void> {
  const { server, systemIdentifier, name, marker } = refSchema.parse(JSON.parse(ref));
  const postgres = await adapters.postgres();
  const settings = await databaseSettings(server, { adapters, env });
  await using admin = await postgres.connect(settings, signal);
  const identity = await admin.identity(signal);
  if (identity.systemIdentifier !== systemIdentifier) {
    throw new Error('the address leads to another server now');
  }
  await endMaking(admin, name, signal);
  const { rows } = await admin.query(
    `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
    [name],
    signal,
  );
  if (!rows[0]) return;
  if (rows[0].comment !== marker) {
    // Its maker may have died between making it and writing the comment.
    if (rows[0].comment !== null) throw new Error(`${name} has the comment of somebody else`);
    await using database = await postgres.connect({ ...settings, database: name }, signal);
    await proveEmpty(database, await database.identity(signal), name, signal);
  }
  await admin.query(`drop database if exists ${identifier(name)} with (force)`, [], signal);
}

const pollMs = 50;

/**
 * A server goes on with a statement whose client has died: the database could appear after it was looked
 * for.
 */
async function endMaking(admin: Database, name: string, signal: AbortSignal): Promise<void> {
  const making = `create database ${identifier(name)} `;
  for (;;) {
    const { rows } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid <> pg_backend_pid() and state = 'active' and starts_with(query, $1)`,
      [making],
      signal,
    );
    if (rows.length === 0) return;
    await delay(pollMs, undefined, { signal });
  }
}
