import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareDatabase } from '../../../src/backup/database/compare-database.ts';
import { fixSession, readContents } from '../../../src/backup/database/contents.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import { wholeManifest } from '../../../src/backup/set/details.ts';
import { systems } from '../../systems/bed.ts';
import { type Fixture, fixture } from './fixture.ts';
import { mutableDatabase, mutations } from './mutations.ts';
import { connect, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio');

describe.skipIf(!bed)('a restored copy is compared', () => {
  let shop: Fixture;
  let set: string;
  const template = unique('restored');
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await shop.sql(mutableDatabase);
    set = await shop.create();
    const target = {
      database: { server: { env: 'SERVER_URL' }, name: template },
      buckets: [],
      replace: false,
    };
    const { outcome } = await shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest) throw new Error(opened.problem);
      return restoreSet(opened, target, home, systems);
    });
    expect(outcome).toMatchObject({ verdict: 'good', differences: [], lacking: [] });
  });
  afterAll(async () => {
    if (!bed) return;
    await onServer(`drop database if exists ${template} with (force)`);
    await shop?.[Symbol.asyncDispose]();
  });

  const onServer = async (statement: string) => {
    await using server = await connect(shop.serverUrl);
    await server.query(statement, [], never);
  };

  type Part = Parameters<typeof compareDatabase>[0];

  /** What is said of a copy once `sql` was run in it. */
  const saidOf = async (
    sql: string,
    change: (database: Part['database']) => Part['database'] = (database) => database,
  ): Promise<string> => {
    const name = unique('mutated');
    await onServer(`create database ${name} template ${template}`);
    try {
      const url = new URL(shop.serverUrl);
      url.pathname = `/${name}`;
      await (async () => {
        await using copy = await connect(url.href);
        await copy.script(`set allow_system_table_mods = on; ${sql}`, never);
      })();
      return await shop.open(set, async ({ manifest }, home, systems) => {
        const whole = manifest && (await wholeManifest(manifest, home, never));
        if (!whole || !('manifest' in whole) || !whole.manifest.database) throw new Error('none');
        const part = { ...whole.manifest, database: change(whole.manifest.database) };
        const postgres = await systems.adapters.postgres();
        const settings = await postgres.settings({ url: url.href });
        const { identity } = part.database;
        const { differences, lacking } = await compareDatabase(
          part,
          home,
          { settings, identity },
          systems,
        );
        return JSON.stringify({ differences, lacking });
      });
    } finally {
      await onServer(`drop database ${name} with (force)`);
    }
  };

  it('and found equal where nothing was changed', async () => {
    expect(await saidOf('select 1')).toBe('{"differences":[],"lacking":[]}');
  });

  it('with a set of an earlier version in its own way', async () => {
    const methods = { twins: 'record', weighed: 'columns', shapeless: 'text' } as const;
    const methodOf = ({ name }: { readonly name: string }) =>
      name === 'twins' || name === 'weighed' ? methods[name] : 'text';
    await using source = await connect(shop.database.url);
    const { collations: _, ...contents } = await source.transaction(
      { isolation: 'repeatable read', readOnly: true },
      async (transaction) => {
        await fixSession(transaction, 1000, never);
        return readContents(transaction, never, { methodOf });
      },
      never,
    );
    expect(new Set(contents.tables.map(({ method }) => method))).toEqual(
      new Set(Object.values(methods)),
    );
    const earlier = (database: Part['database']) => ({
      ...database,
      contents: {
        ...contents,
        largeObjects: { ...contents.largeObjects, rights: undefined },
      },
    });
    const namesIn = (text: string) =>
      JSON.parse(text).differences.map(({ name }: { name: string }) => name);
    // They took columns by their place, which is another one in the copy of a table that inherits late.
    expect(namesIn(await saidOf('select 1', earlier))).toEqual(['public.child']);
    const changes = 'update twins set v = 8; update weighed set n = 1.0 where id = 1;';
    const said = await saidOf(`${changes} update shapeless set c = 'b' where id = 1`, earlier);
    expect(namesIn(said)).toEqual([
      'public.child',
      'public.shapeless',
      'public.twins',
      'public.weighed',
    ]);
  });

  it('with as many columns as a table can have', async () => {
    const many = Array.from({ length: 1600 }, (_, at) => `c${at} "char"`).join(', ');
    const said = await saidOf(`create table many (${many}); insert into many default values`);
    expect(said).toContain('public.many');
  });

  it.each(mutations)('and seen to differ by $name', async ({ sql, seen }) => {
    expect(await saidOf(sql)).toMatch(seen);
  });
});
