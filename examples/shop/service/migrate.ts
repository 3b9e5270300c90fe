import type { PoolClient } from 'pg';
import { StartError } from './config.ts';
import { inTransaction, openPool, withConnection } from './database.ts';
import { logInfo } from './log.ts';
import { type Direction, type Migration, readMigrations, readScript } from './migrations.ts';

/** Any number works as long as nothing else in the database takes the same one. */
const lockKey = 7_305_214;

const record = {
  up: 'insert into schema_migrations (version) values ($1)',
  down: 'delete from schema_migrations where version = $1',
};

/** Applies or reverts migrations; returns the versions it went through. */
export async function migrate(
  url: string,
  folder: string,
  direction: Direction,
  limit: number,
): Promise<readonly number[]> {
  const migrations = await readMigrations(folder);
  const pool = openPool(url);
  try {
    return await withConnection(pool, async (client) => {
      // A session lock: the replicas of a release may all start a migration at the same time.
      await client.query('select pg_advisory_lock($1)', [lockKey]);
      const pending = await select(client, migrations, direction);
      const chosen = pending.slice(0, limit);
      for (const migration of chosen) await apply(client, migration, direction);
      await client.query('select pg_advisory_unlock($1)', [lockKey]);
      return chosen.map(({ version }) => version);
    });
  } finally {
    await pool.end();
  }
}

/** What remains to be done in that direction, in the order to do it. */
async function select(
  client: PoolClient,
  migrations: readonly Migration[],
  direction: Direction,
): Promise<readonly Migration[]> {
  await client.query(`create table if not exists schema_migrations (
    version bigint primary key,
    applied_at timestamptz not null default now()
  )`);
  const { rows } = await client.query<{ version: string }>('select version from schema_migrations');
  const applied = new Set(rows.map(({ version }) => Number(version)));
  if (direction === 'up') return migrations.filter(({ version }) => !applied.has(version));
  const unknown = [...applied].filter((version) => migrations.every((m) => m.version !== version));
  if (unknown.length > 0) {
    throw new StartError(`the database has migrations this release does not know: ${unknown}`);
  }
  return migrations.filter(({ version }) => applied.has(version)).toReversed();
}

async function apply(
  client: PoolClient,
  migration: Migration,
  direction: Direction,
): Promise<void> {
  const script = await readScript(migration, direction);
  await inTransaction(client, async () => {
    // Waiting longer for a table lock would queue every request behind the migration.
    await client.query(`set local lock_timeout = '5s'`);
    await client.query(script);
    await client.query(record[direction], [migration.version]);
  });
  logInfo('migration done', { direction, version: migration.version, name: migration.name });
}
