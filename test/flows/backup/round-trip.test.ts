import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import { wholeManifest } from '../../../src/backup/set/details.ts';
import { systems } from '../../systems/bed.ts';
import { type Fixture, fixture, oddObjects, putObject } from './fixture.ts';
import { connect, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio', 'versitygw');

const ways = [
  { store: 'DEPLOYCHECK_TEST_S3', repository: 'folder', encrypted: false },
  { store: 'DEPLOYCHECK_TEST_S3', repository: 'DEPLOYCHECK_TEST_S3', encrypted: false },
  {
    store: 'DEPLOYCHECK_TEST_S3_SECOND',
    repository: 'DEPLOYCHECK_TEST_S3_SECOND',
    encrypted: false,
  },
  { store: 'DEPLOYCHECK_TEST_S3', repository: 'folder', encrypted: true },
  { store: 'DEPLOYCHECK_TEST_S3', repository: 'DEPLOYCHECK_TEST_S3', encrypted: true },
] as const;

for (const { store, repository, encrypted } of ways) {
  const kind = encrypted ? 'an encrypted set' : 'a set';
  describe.skipIf(!bed)(`${kind} of ${store} in ${repository}`, () => {
    let shop: Fixture;
    let set: string;
    beforeAll(async () => {
      if (!bed) return;
      shop = await fixture(bed, store, repository, { encrypted });
      set = await shop.create();
    });
    afterAll(() => shop?.[Symbol.asyncDispose]());

    it('is read whole, and found good', async () => {
      const verification = await shop.verify(set);
      expect(verification).toMatchObject({
        verdict: 'good',
        problems: [],
        files: encrypted ? 9 : 8,
      });
      // Two objects have the same content.
      expect(verification.objects).toBe(oddObjects.length - 1);
    });

    it('restores to what the source held', async () => {
      expect(await shop.rehearse('last')).toMatchObject({
        verdict: 'good',
        differences: [],
        damage: [],
        lacking: [],
        set,
      });
    });

    it('holds what rows name', async () => {
      const manifest = await shop.open(set, async (opened, home) => {
        const whole = opened.manifest && (await wholeManifest(opened.manifest, home, never));
        return whole && 'manifest' in whole ? whole.manifest : undefined;
      });
      expect(manifest?.references).toMatchObject([{ keys: 2, dangling: 0 }]);
      expect(manifest?.database?.contents.tables.map(({ name, rows }) => [name, rows])).toEqual(
        expect.arrayContaining([
          ['Odd $name\ntwo', 3],
          ['empty_table', 0],
          ['no_columns', 2],
          ['numbers', 500],
        ]),
      );
      const columns = new Map(
        manifest?.database?.contents.tables.map((table) => [table.name, table.columns?.split(' ')]),
      );
      expect(columns.get('weighed')?.length).toBe(13);
      expect(columns.get('no_columns')).toBeUndefined();
      expect(manifest?.database?.contents.largeObjects.count).toBe(3);
      expect(manifest?.database?.contents.constraints.notValid).toBe(1);
    });

    it('is restored into a database and a bucket that are named', async () => {
      const name = unique('restored');
      const bucket = unique('restored').replace('_', '-');
      const target = {
        database: { server: { env: 'SERVER_URL' }, name },
        buckets: [{ of: 'invoices', place: { endpoint: '' }, name: bucket }],
        replace: false,
      };
      try {
        const restored = await shop.open(set, async (opened, home, systems) => {
          if (!opened.manifest) throw new Error(opened.problem);
          return restoreSet(opened, target, home, systems);
        });
        expect(restored).toMatchObject({
          switched: true,
          keptAs: null,
          outcome: { verdict: 'good' },
        });
        const url = new URL(shop.database.url);
        url.pathname = `/${name}`;
        await using copy = await connect(url.href);
        const { rows } = await copy.query(
          'select count(*) as n, max(v) as v from numbers',
          [],
          never,
        );
        expect(rows).toEqual([{ n: '500', v: 'row 99' }]);
        const keys: string[] = [];
        for await (const { key } of (await shop.store.list(bucket, '', never)) ?? [])
          keys.push(key);
        expect(keys.sort()).toEqual(oddObjects.map(({ key }) => key).sort());
        const packed = await shop.store.stat(bucket, 'packed.json', never);
        expect(packed).toMatchObject({ contentEncoding: 'gzip', contentType: 'application/json' });
      } finally {
        await using server = await connect(bed?.('DEPLOYCHECK_TEST_POSTGRES') ?? '');
        await server.query(`drop database if exists ${name} with (force)`, [], never);
        const all = (await shop.store.list(bucket, '', never)) ?? [];
        await shop.store.removeMany(bucket, all, {}, never);
        await shop.store.removeBucket(bucket, never);
      }
    });
  });
}

describe.skipIf(!bed)('what rows name and the bucket has not', () => {
  it('is listed', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await shop.sql("insert into orders values (4, 'invoices/gone.pdf'), (5, 'invoices/gone.pdf')");
    await putObject(shop.store, shop.bucket.name, { key: 'unnamed', content: Buffer.from('x') });
    const { manifest } = await shop.open(await shop.create(), async (opened) => opened);
    expect(manifest?.references).toMatchObject([
      { bucket: 'invoices', keys: 3, dangling: 1, examples: ['invoices/gone.pdf'] },
    ]);
  });

  it('is a mistake of the configuration when the query is none', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await shop.sql('alter table orders rename column invoice_key to other');
    await expect(shop.create()).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('buckets.invoices.references[0]'),
    });
  });
});
