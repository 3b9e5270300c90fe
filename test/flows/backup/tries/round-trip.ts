import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import type { Database } from '../../../../src/adapters/postgres/postgres.ts';
import { createSet } from '../../../../src/backup/create.ts';
import { restoreSet } from '../../../../src/backup/restore/restore.ts';
import { openRepository } from '../../../../src/backup/sources.ts';
import type { Variables } from '../../../systems/bed.ts';
import { createDatabase } from '../../../systems/postgres.ts';
import { type Bench, bench, connect, never, sourceOf, unique } from '../support.ts';
import { generated } from './features.ts';
import { firstDifference, toldByPostgres } from './oracle.ts';

export async function openRoundTrip(bed: Variables): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  const server = bed('DEPLOYCHECK_TEST_POSTGRES');
  const role = unique('grantee');
  await statement(server, `create role ${role}`);
  stack.defer(() => statement(server, `drop role ${role}`));
  const at = stack.use(await bench({ SERVER_URL: server }));
  const disposables = stack.move();
  return {
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    once: (random) => goneRound(server, at, role, random),
  };
}

async function goneRound(
  server: string,
  at: Bench,
  role: string,
  random: () => number,
): Promise<Try> {
  await using source = await createDatabase(server, 'generated');
  const { sql, features } = generated(random, role);
  await using connection = await connect(source.url);
  await connection.script(sql, never);
  const name = unique('round');
  const url = new URL(server);
  url.pathname = `/${name}`;
  const how = `databases of ${features < 8 ? 'up to 7' : '8 and more'} generated things`;
  try {
    const said = await copied(at, source.url, name);
    if (said !== '') return { how, problem: said };
    // pg_dump has them filled anew from their queries, so one that was stale comes back fresh.
    await refreshed(connection);
    const [before, after] = [await toldByPostgres(source.url), await toldByPostgres(url.href)];
    return { how, problem: firstDifference(before, after) };
  } catch (error) {
    return { how, problem: `it could not be copied: ${error}` };
  } finally {
    await statement(server, `drop database if exists ${name} with (force)`);
  }
}

/** Backs up and restores. @returns what deploycheck says that differs */
async function copied(at: Bench, from: string, name: string): Promise<string> {
  const root = join(at.folder, name);
  const place = { url: `file:${root}` };
  const target = { database: { server: { env: 'SERVER_URL' }, name }, buckets: [], replace: false };
  try {
    return await at.run(
      async (systems) => {
        const { manifest, digest } = await createSet(sourceOf(), place, systems);
        const repository = await openRepository(place, systems);
        const set = { manifest, digest };
        const { outcome } = await restoreSet(set, target, repository, systems);
        return outcome.verdict === 'good' ? '' : JSON.stringify(outcome);
      },
      { env: { DB_URL: from, SERVER_URL: new URL(from).href.replace(/[^/]*$/, 'postgres') } },
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function refreshed(connection: Database): Promise<void> {
  const { rows } = await connection.query(
    `select oid::regclass::text as name from pg_class where relkind = 'm' and relispopulated order by oid`,
    [],
    never,
  );
  for (const { name } of rows) {
    await connection.query(`refresh materialized view ${name}`, [], never);
  }
}

async function statement(url: string, sql: string): Promise<void> {
  await using connection = await connect(url);
  await connection.query(sql, [], never);
}
