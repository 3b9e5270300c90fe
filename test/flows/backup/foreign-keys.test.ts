import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkForeignKeys } from '../../../src/backup/database/foreign-keys.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { fixture } from './fixture.ts';
import { type Bench, bench, connect, never } from './support.ts';

const bed = await systems('postgres', 'minio');

const schema = `
  create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  create schema "odd "" one";
  create table "odd "" one"."Goods" (a int, b text collate caseless, primary key (a, b));
  insert into "odd "" one"."Goods" values (1, 'x'), (2, 'y');
  create table simple (id int primary key, a bigint, b text,
    constraint simple_goods foreign key (a, b) references "odd "" one"."Goods" (a, b));
  insert into simple values (1, 1, 'X'), (2, null, 'gone'), (3, 99, null), (4, null, null);
  create table whole (a int, b text,
    constraint whole_goods foreign key (b, a) references "odd "" one"."Goods" (b, a) match full);
  insert into whole values (2, 'Y'), (null, null);
  create table tree (id int primary key, up int constraint tree_up references tree);
  insert into tree values (1, null), (2, 1), (3, 3);
  create table months (id int primary key) partition by range (id);
  create table months_1 partition of months for values from (1) to (100);
  create table days (id int, month int constraint days_month references months) partition by range (id);
  create table days_1 partition of days for values from (1) to (100);
  insert into months values (1), (2); insert into days values (1, 1), (2, 2), (3, null);
  create table base (id int primary key);
  create table derived () inherits (base);
  insert into base values (1); insert into derived values (2);
  create table points (id int constraint points_base references base);
  insert into points values (1);
  create table unproven (id int);
  insert into unproven values (7);
  alter table unproven add constraint unproven_base foreign key (id) references base not valid;
`;

describe.skipIf(!bed)('foreign keys of a copy', () => {
  let database: TestDatabase;
  let at: Bench;
  beforeAll(async () => {
    if (!bed) return;
    database = await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'keys');
    at = await bench({});
    await using connection = await connect(database.url);
    await connection.script(schema, never);
  });
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  /** What is found once `sql` was run without triggers; it is undone afterwards. */
  const foundAfter = async (sql: string, undo = '') => {
    const run = async (text: string) => {
      await using connection = await connect(database.url);
      await connection.script(`set session_replication_role = replica; ${text}`, never);
    };
    await run(sql);
    try {
      return await at.run(async (systems) => {
        const postgres = await systems.adapters.postgres();
        const settings = await postgres.settings({ url: database.url });
        const { differences, lacking } = await checkForeignKeys(settings, systems);
        expect(lacking).toEqual([]);
        return differences.map(({ name, found }) => `${name}: ${found}`);
      });
    } finally {
      await run(undo);
    }
  };

  it('hold where nothing was changed, whether a part of the key is null or the text in capitals', async () => {
    expect(await foundAfter('')).toEqual([]);
  });

  it.each([
    [
      'of several columns',
      `delete from "odd "" one"."Goods" where a = 1`,
      `insert into "odd "" one"."Goods" values (1, 'x')`,
      ['public.simple simple_goods: 1 without one'],
    ],
    [
      'of MATCH FULL, half null',
      'insert into whole values (1, null)',
      'delete from whole where b is null and a = 1',
      ['public.whole whole_goods: 1 without one'],
    ],
    [
      'of MATCH FULL, without a counterpart',
      `insert into whole values (9, 'q'), (8, 'q')`,
      `delete from whole where b = 'q'`,
      ['public.whole whole_goods: 2 without one'],
    ],
    [
      'of a table to itself',
      'update tree set up = 77 where id = 2',
      'update tree set up = 1 where id = 2',
      ['public.tree tree_up: 1 without one'],
    ],
    [
      'between partitioned tables',
      'delete from months_1 where id = 2',
      'insert into months values (2)',
      ['public.days days_month: 1 without one'],
    ],
    [
      'to a table that another one inherits from',
      'insert into points values (2)',
      'delete from points where id = 2',
      ['public.points points_base: 1 without one'],
    ],
    [
      'of more rows than are counted',
      'insert into points select 5 from generate_series(1, 3000)',
      'delete from points where id = 5',
      ['public.points points_base: 1000 or more without one'],
    ],
  ])('are found broken: %s', async (_, sql, undo, found) => {
    expect(await foundAfter(sql, undo)).toEqual(found);
  });

  it('are looked at in a rehearsal that asks for it', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    const set = await shop.create();
    const looked: string[] = [];
    const more = [
      {
        name: 'foreign keys',
        run: async (...given: Parameters<typeof checkForeignKeys>) => {
          looked.push(given[0].database);
          return checkForeignKeys(...given);
        },
      },
      {
        name: 'another',
        run: async () => ({
          ...{ damage: [], lacking: [], notes: [] },
          differences: [{ what: 'x', name: '', expected: 'a', found: 'b' }],
        }),
      },
    ];
    expect(await shop.rehearse(set, { ...shop.stage, more })).toMatchObject({
      verdict: 'bad',
      differences: [{ what: 'x' }],
    });
    expect(looked).toEqual([expect.stringMatching(/^deploycheck_scratch_/)]);
  });
});
