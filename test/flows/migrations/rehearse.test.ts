import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSet } from '../../../src/backup/create.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import type { MigrationRehearsal } from '../../../src/migrations/observation.ts';
import { type MigrationsRequest, rehearseMigrations } from '../../../src/migrations/rehearse.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase } from '../../systems/postgres.ts';
import { bench, connect, never, sourceOf } from '../backup/support.ts';

const bed = await systems('postgres');

/** What release 1 left: a table with rows, one of them odd, and a table of applied migrations. */
const first = {
  '0001_orders.up.sql': 'create table orders (id int primary key, note text, total int not null);',
  '0001_orders.down.sql': 'drop table orders;',
};
const rowsOfFirst = `
  insert into orders select n, nullif('note ' || n, 'note 7'), n from generate_series(1, 50) n;
  create table schema_migrations (version bigint primary key, dirty boolean not null);
  insert into schema_migrations values (1, false);`;

interface Scene {
  /** Files of the second release, beside those of the first. */
  readonly files: Readonly<Record<string, string>>;
  /** Run on the live database after release 1; a string of SQL. */
  readonly after?: string;
  readonly withoutSet?: boolean;
}

async function rehearse({ files, after, withoutSet }: Scene) {
  if (!bed) throw new Error('no bed');
  await using stack = new AsyncDisposableStack();
  const server = bed('DEPLOYCHECK_TEST_POSTGRES');
  const live = stack.use(await createDatabase(server, 'live'));
  const at = stack.use(await bench({ DB_URL: live.url, SERVER_URL: server }));
  {
    await using database = await connect(live.url);
    await database.script(`${first['0001_orders.up.sql']}${rowsOfFirst}${after ?? ''}`, never);
  }
  for (const [name, text] of Object.entries({ ...first, ...files })) {
    const file = join(at.folder, 'migrations', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const seen = await at.run(async (use): Promise<MigrationRehearsal> => {
    const place = { url: `file:${join(at.folder, 'sets')}` };
    const repository = await openRepository(place, use);
    let rows: MigrationsRequest['rows'] = { why: 'nobody made a set' };
    if (!withoutSet) {
      const { manifest } = await createSet(sourceOf(), place, use);
      if (manifest.database) {
        rows = { repository, manifest: { ...manifest, database: manifest.database } };
      }
    }
    const places = { live: { env: 'DB_URL' }, server: { env: 'SERVER_URL' } };
    const request = { service: 'shop', dir: 'migrations', root: at.folder, ...places, rows };
    return await rehearseMigrations(request, use);
  });
  const scratch = seen.server?.database;
  const gone = scratch !== undefined && !(await databases(server)).includes(scratch);
  return { seen, gone, live: await contentsOf(live.url) };
}

async function databases(url: string): Promise<string[]> {
  await using database = await connect(url);
  const { rows } = await database.query(
    "select datname from pg_database where datname like 'deploycheck_scratch%'",
    [],
    never,
  );
  return rows.map(({ datname }) => String(datname));
}

async function contentsOf(url: string) {
  await using database = await connect(url);
  const { rows } = await database.query(
    'select (select count(*)::int from orders) as orders, (select max(version)::int from schema_migrations) as version',
    [],
    never,
  );
  return rows[0];
}

const pair = (up: string, down: string) => ({ '0002_two.up.sql': up, '0002_two.down.sql': down });

const outcomes = ({ stages }: MigrationRehearsal) =>
  stages.map(({ on, tried }) => [
    on,
    ...tried.map(({ migration, trouble }) => `${migration}: ${trouble?.what ?? 'clean'}`),
  ]);

describe.skipIf(!bed)('migrations, tried on scratch databases', () => {
  it.concurrent('go up, down and up again, and the live database is left as it was', async () => {
    const { seen, gone, live } = await rehearse({
      files: pair(
        "create type state as enum ('new', 'done'); alter table orders add status state not null default 'new';",
        'alter table orders drop column status; drop type state;',
      ),
    });
    expect(outcomes(seen)).toEqual([
      ['empty', '0002_two: clean'],
      ['rows', '0002_two: clean'],
    ]);
    expect(seen.stages.map(({ rows }) => rows)).toEqual([0, 51]);
    expect(seen.gaps).toEqual([]);
    expect(seen.migrations.map(({ ofRelease }) => ofRelease)).toEqual([false, true]);
    expect(gone).toBe(true);
    expect(live).toEqual({ orders: 50, version: 1 });
  });

  it.concurrent('that are in place already go down first', async () => {
    const { seen } = await rehearse({
      files: pair('alter table orders add status text;', 'alter table orders drop column status;'),
      after: 'alter table orders add status text; update schema_migrations set version = 2;',
    });
    expect(outcomes(seen)).toEqual([
      ['empty', '0002_two: clean'],
      ['rows', '0002_two: clean'],
    ]);
    expect(seen.migrations.map(({ ofRelease }) => ofRelease)).toEqual([false, true]);
  });

  it.concurrent.each<[string, string, string, string, string, RegExp]>([
    [
      'an up that fails on rows only',
      'alter table orders alter column note set not null;',
      'alter table orders alter column note drop not null;',
      'clean',
      'up-failed',
      /column "note" of relation "orders" contains null values/,
    ],
    [
      'a down that fails on rows only',
      "alter table orders alter column total type text using 'n' || total;",
      'alter table orders alter column total type int using total::int;',
      'clean',
      'down-failed',
      /invalid input syntax for type integer: "n1"/,
    ],
    [
      'a down that takes rows along',
      'alter table orders add status text;',
      'alter table orders drop column status; delete from orders where note is null;',
      'clean',
      'rows-differ',
      /"orders" had 50 rows and has 49/,
    ],
    [
      'a down that changes values',
      'update orders set total = total * 2 where id > 1;',
      'update orders set total = total / 2;',
      'clean',
      'rows-differ',
      /values of "public"."orders" are not what they were, in 50 rows/,
    ],
    [
      'a down that leaves something behind',
      "create type state as enum ('new'); alter table orders add status state;",
      'alter table orders drop column status;',
      'schema-differs',
      'schema-differs',
      /type state/,
    ],
    [
      'a down in the wrong dialect',
      'alter table orders add status text;',
      '-- mysql\nalter table `orders` drop column status;',
      'down-failed',
      'down-failed',
      /syntax error at or near "`"/,
    ],
  ])('%s is found', async (_, up, down, onEmpty, onRows, detail) => {
    const { seen, live } = await rehearse({ files: pair(up, down) });
    expect(outcomes(seen)).toEqual([
      ['empty', `0002_two: ${onEmpty}`],
      ['rows', `0002_two: ${onRows}`],
    ]);
    expect(seen.stages[1]?.tried[0]?.trouble?.detail).toMatch(detail);
    expect(live).toEqual({ orders: 50, version: 1 });
  });

  it.concurrent('that fail say where in the script', async () => {
    const { seen } = await rehearse({
      files: pair('select 1;\n-- ü\n\nalter table nothing add x int;', 'select 1;'),
      withoutSet: true,
    });
    expect(seen.stages[0]?.tried[0]?.trouble).toMatchObject({
      what: 'up-failed',
      file: 'migrations/0002_two.up.sql',
      detail: 'relation "nothing" does not exist (SQLSTATE 42P01)',
    });
    expect(seen.gaps).toEqual([{ what: 'the migrations on rows', why: 'nobody made a set' }]);
  });

  it.concurrent('without a down go up and no further', async () => {
    const { seen } = await rehearse({ files: { '0002_two.up.sql': 'drop table orders;' } });
    expect(outcomes(seen)).toEqual([
      ['empty', '0002_two: clean'],
      ['rows', '0002_two: clean'],
    ]);
    expect(seen.migrations[1]).toMatchObject({ down: null, ofRelease: true });
    expect(seen.stages[1]?.tried[0]).toMatchObject({ downMs: null, againMs: null });
  });

  it.concurrent('that reach beyond their database are not run', async () => {
    const { seen } = await rehearse({
      files: pair('select 1;\ncreate role intruder;', 'drop role intruder;'),
    });
    expect(seen.stages).toEqual([]);
    expect(seen.gaps[0]?.why).toBe(
      'migrations/0002_two.up.sql:2 reaches beyond its database: create role intruder',
    );
  });

  it.concurrent('of another layout are not taken apart', async () => {
    const { seen } = await rehearse({ files: { 'V3__x.sql': 'select 1;' }, withoutSet: true });
    expect(seen.stages).toEqual([]);
    expect(seen.gaps[0]?.why).toMatch(/^migrations holds Flyway; this version takes pairs/);
  });

  it.concurrent('beside a foreign server are not tried on its rows', async () => {
    const { seen } = await rehearse({
      files: pair('alter table orders add status text;', 'alter table orders drop column status;'),
      after: 'create foreign data wrapper w; create server elsewhere foreign data wrapper w;',
    });
    expect(outcomes(seen)).toEqual([['empty', '0002_two: clean']]);
    expect(seen.gaps[0]?.why).toMatch(/it has the foreign server elsewhere, which leads out/);
  });

  it.concurrent('that stopped in the middle are told of', async () => {
    const { seen } = await rehearse({
      files: pair('select 1;', 'select 1;'),
      after: 'update schema_migrations set version = 2, dirty = true;',
      withoutSet: true,
    });
    expect(seen).toMatchObject({ dirty: true, table: 'public.schema_migrations' });
  });
});
