import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planRestore } from '../../../src/backup/restore/plan.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import type { Manifest } from '../../../src/backup/set/manifest.ts';
import { systems } from '../../systems/bed.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { connect, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio');
type Database = NonNullable<Manifest['database']>;

describe.skipIf(!bed)('a restore is refused before anything is written', () => {
  let shop: Fixture;
  let set: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await shop.sql('create table sorted (t text collate "de-x-icu")');
    set = await shop.create();
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const to = (name: string, replace = false, bucket?: string) => ({
    database: { server: { env: 'SERVER_URL' }, name },
    buckets: bucket ? [{ of: 'invoices', place: { endpoint: '' }, name: bucket }] : [],
    replace,
  });
  const restore = (
    target: ReturnType<typeof to>,
    change: (database: Database) => Partial<Database> = () => ({}),
    serverUrl = shop.serverUrl,
  ) =>
    shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest?.database) throw new Error('no database');
      const { manifest, digest } = opened;
      // A set that is not encrypted tells all.
      const whole = manifest.database as Database;
      const database = { ...whole, ...change(whole) };
      const env = { ...systems.env, SERVER_URL: serverUrl };
      return restoreSet({ manifest: { ...manifest, database }, digest }, target, home, {
        ...systems,
        env,
      });
    });

  it.each(['127.0.0.1', 'localhost'])('when it is the source, by the address %s', async (host) => {
    const url = Object.assign(new URL(shop.serverUrl), { hostname: host }).href;
    await expect(restore(to(shop.database.name, true), () => ({}), url)).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringContaining('is the database that the set was made of'),
    });
  });

  it('when it is the source under another name', async () => {
    const name = unique('renamed');
    const rename = async (from: string, into: string) => {
      await using server = await connect(shop.serverUrl);
      await server.query(`alter database "${from}" rename to "${into}"`, [], never);
    };
    await rename(shop.database.name, name);
    try {
      await expect(restore(to(name, true))).rejects.toMatchObject({
        code: 'restore-refused',
        message: expect.stringContaining('is the database that the set was made of'),
      });
    } finally {
      await rename(name, shop.database.name);
    }
  });

  const lacking: readonly (readonly [string, (database: Database) => Partial<Database>, string])[] =
    [
      [
        'the server is older than that of the set',
        ({ identity }) => ({ identity: { ...identity, serverVersion: 990_001 } }),
        'a server that is not older: the set was made of PostgreSQL 99',
      ],
      ['a role is lacking', () => ({ roles: ['nobody_of_this_name'] }), 'role nobody_of_this_name'],
      [
        'an extension is lacking',
        () => ({ extensions: [{ name: 'no_such_extension', version: '1' }] }),
        'extension no_such_extension',
      ],
      [
        'a collation is lacking',
        ({ contents }) => ({
          contents: {
            ...contents,
            collations: contents.collations?.map((entry) => ({ ...entry, name: 'none-x-icu' })),
          },
        }),
        'collation none-x-icu',
      ],
      [
        'the locale is lacking',
        ({ locale }) => ({ locale: { ...locale, collate: 'xx_XX.UTF-8', ctype: 'xx_XX.UTF-8' } }),
        'a scratch database: invalid',
      ],
    ];

  it.each(lacking)('when %s', async (_, change, message) => {
    const bucket = unique('never').replace('_', '-');
    await expect(restore(to(unique('never'), false, bucket), change)).rejects.toMatchObject({
      code: 'restore-environment',
      message: expect.stringContaining(message),
    });
    expect(await databasesOf(shop)).toEqual([]);
    expect(await shop.store.list(bucket, '', never)).toBeUndefined();
  });

  it('and says what cannot be known', async () => {
    const plan = await shop.open(set, async ({ manifest }, _, systems) => {
      if (!manifest) throw new Error('no manifest');
      return planRestore(manifest, to(unique('never')), systems);
    });
    expect(plan.lines).toContainEqual(
      expect.stringMatching(/takes \d+ bytes; what room the server has cannot be asked for/),
    );
  });
});
