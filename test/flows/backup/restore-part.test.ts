import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compareDatabase } from '../../../src/backup/database/compare-database.ts';
import { chooseFromDump } from '../../../src/backup/restore/choose-from-dump.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import type { Selection } from '../../../src/backup/restore/selection.ts';
import { wholeManifest } from '../../../src/backup/set/details.ts';
import { systems } from '../../systems/bed.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { mutableDatabase } from './mutations.ts';
import { connect, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio');

describe.skipIf(!bed)('a part of a set', () => {
  let shop: Fixture;
  let set: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', { encrypted: true });
    await shop.sql(mutableDatabase);
    await shop.sql(`
      create table "Sales ""East"" 'q'".tickets (id serial primary key, m mood);
      insert into "Sales ""East"" 'q'".tickets (m) values ('sad'), ('glad');
      grant select on goods to pg_monitor; comment on table goods is 'what is sold';
      create index measured_v on measured (v)`);
    set = await shop.create();
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());
  let name = '';
  afterEach(async () => {
    await using server = await connect(shop.serverUrl);
    await server.query(`drop database if exists ${name} with (force)`, [], never);
  });

  const restore = (selection: Partial<Selection>, replace = false) => {
    name = unique('part');
    const target = {
      database: { server: { env: 'SERVER_URL' }, name },
      ...{ buckets: [], replace, selection: { tables: [], schemas: [], ...selection } },
    };
    return shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest) throw new Error(opened.problem);
      return restoreSet(opened, target, home, systems);
    });
  };
  const copyUrl = () => Object.assign(new URL(shop.serverUrl), { pathname: name }).href;
  const ask = async (sql: string) => {
    await using copy = await connect(copyUrl());
    return (await copy.query(sql, [], never)).rows;
  };
  const relations = async (kinds: string) =>
    (
      await ask(`select relname from pg_class c join pg_namespace n on n.oid = relnamespace
        where nspname !~ '^pg_' and nspname <> 'information_schema' and relkind in (${kinds})
        order by relname collate "C"`)
    ).map(({ relname }) => relname);
  const table = (of: string, schema = 'public') => ({ schema, name: of });

  it('is a table with all that belongs to it, and no proof of the set', async () => {
    const { outcome, switched } = await restore({ tables: [table('goods')] });
    expect(switched).toBe(true);
    expect(outcome).toMatchObject({ verdict: 'could-not-check', differences: [], damage: [] });
    expect(outcome.lacking).toEqual([
      { what: 'the rest of the set', why: expect.any(String) },
      {
        what: expect.stringMatching(/^fk constraint public lines lines_good /),
        why: expect.any(String),
      },
    ]);
    expect(await relations("'r', 'v', 'm', 'S', 'i'")).toEqual(
      ['goods', 'goods_code', 'goods_id_seq', 'goods_pkey'].sort(),
    );
    expect(
      await ask(`select count(*)::int as n, sum(twice)::int as sum,
        (select count(*)::int from pg_trigger where not tgisinternal) as triggers,
        obj_description('goods'::regclass) as comment,
        has_table_privilege('pg_monitor', 'goods', 'select') as granted,
        (select relowner::regrole::text from pg_class where relname = 'goods') as owner
        from goods`),
    ).toEqual([
      {
        ...{ n: 50, sum: 2550, triggers: 1, comment: 'what is sold', granted: true },
        owner: 'postgres',
      },
    ]);
    expect(await ask("insert into goods (code, price) values ('x', 1) returning id")).toEqual([
      { id: '51' },
    ]);
  });

  it('has the foreign keys between the tables that were named', async () => {
    const { outcome } = await restore({ tables: [table('goods'), table('lines')] });
    expect(outcome.lacking).toHaveLength(1);
    expect(await ask("select conname from pg_constraint where contype = 'f'")).toEqual([
      { conname: 'lines_good' },
    ]);
    expect(await ask('select polname from pg_policy')).toEqual([{ polname: 'mine' }]);
  });

  it('is a schema, with the types of others that it needs', async () => {
    const { outcome } = await restore({ schemas: [`Sales "East" 'q'`] });
    expect(outcome).toMatchObject({ verdict: 'could-not-check', differences: [] });
    expect(await relations("'r'")).toEqual(['Odd $name\ntwo', 'tickets']);
    expect(await ask(`select last_value from "Sales ""East"" 'q'".tickets_id_seq`)).toEqual([
      { last_value: '2' },
    ]);
  });

  it('is a table of an odd name, and one with partitions', async () => {
    const { outcome } = await restore({
      tables: [table('Odd $name\ntwo', `Sales "East" 'q'`), table('measured')],
    });
    expect(outcome).toMatchObject({ verdict: 'could-not-check', differences: [] });
    expect(await relations("'r', 'p'")).toEqual([
      'Odd $name\ntwo',
      'measured',
      'measured_2025',
      'measured_rest',
    ]);
    expect(await ask('select count(*)::int as n from measured')).toEqual([{ n: 2 }]);
  });

  it.each([
    [{ tables: [table('gods')] }, 'no table public.gods; did you mean public.goods?'],
    [{ schemas: ['public2'] }, 'no schema public2; did you mean public?'],
    [{ tables: [table('derived')] }, 'cannot be restored without table public base'],
  ])('is refused before anything is made: %j', async (selection, message) => {
    await expect(restore(selection)).rejects.toMatchObject({
      code: 'usage-invalid',
      message: expect.stringContaining(message),
    });
    expect(await databasesOf(shop)).toEqual([]);
  });

  it('does not take the place of a whole database', async () => {
    await expect(restore({ tables: [table('goods')] }, true)).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringContaining('a part of a set'),
    });
  });

  it('is compared: rows, sequences and schema', async () => {
    const selection = { tables: [table('goods')], schemas: [] };
    await restore(selection);
    await using copy = await connect(copyUrl());
    await copy.script(
      `update goods set price = 7 where id = 1; select setval('goods_id_seq', 1);
       drop index goods_code; create index goods_code on goods (code)`,
      never,
    );
    const compared = await shop.open(set, async ({ manifest }, home, systems) => {
      const whole = manifest && (await wholeManifest(manifest, home, never));
      if (!whole || !('manifest' in whole) || !whole.manifest.database) throw new Error('none');
      const part = { ...whole.manifest, database: whole.manifest.database };
      const choice = await chooseFromDump(part, selection, home, systems);
      if (!('chosen' in choice)) throw new Error('damaged');
      const postgres = await systems.adapters.postgres();
      const settings = await postgres.settings({ url: copyUrl() });
      const { identity } = part.database;
      return compareDatabase(part, home, { settings, identity }, systems, choice.chosen);
    });
    expect(compared.differences).toMatchObject([
      { what: 'table', name: 'public.goods', found: expect.stringContaining('"price", "twice"') },
      { what: 'sequence', name: 'public.goods_id_seq' },
      { what: 'schema', name: 'index goods_code' },
    ]);
  });

  it('leaves no list behind', async () => {
    const lists = async () =>
      (await readdir(tmpdir())).filter((entry) => entry.startsWith('deploycheck-list-'));
    const before = await lists();
    await restore({ tables: [table('goods')] });
    expect(await lists()).toEqual(before);
  });
});
