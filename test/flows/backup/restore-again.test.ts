import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { never, unique } from './support.ts';

const bed = await systems('postgres', 'minio');

describe.skipIf(!bed)('a restore of which one part failed', () => {
  let shop: Fixture;
  let set: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    set = await shop.create();
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const restore = (name: string, bucket: string) =>
    shop.open(set, async (opened, repository, systems) => {
      if (!opened.manifest) throw new Error(opened.problem);
      const database = { server: { env: 'SERVER_URL' }, name };
      const buckets = [{ of: 'invoices', place: { endpoint: '' }, name: bucket }];
      return restoreSet(opened, { database, buckets, replace: false }, repository, systems);
    });
  const keysOf = async (bucket: string) => {
    const keys: string[] = [];
    for await (const { key } of (await shop.store.list(bucket, '', never)) ?? []) keys.push(key);
    return keys;
  };

  it('is taken up again by the same command, the finished bucket with it', async () => {
    if (!bed) return;
    const dump = join(shop.bench.folder, 'repository/sets', set, 'database.dump.zst');
    const whole = await readFile(dump);
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 20) ^ 1, damaged.length - 20);
    await using bucket = await createBucket(bed('DEPLOYCHECK_TEST_S3'), 'again');
    const name = unique('again');
    await writeFile(dump, damaged);
    const failed = await restore(name, bucket.name);
    expect(failed).toMatchObject({ switched: false, outcome: { verdict: 'bad' } });
    expect((await keysOf(bucket.name)).length).toBeGreaterThan(1);
    expect(await databasesOf(shop)).toEqual([]);

    await writeFile(dump, whole);
    const done = await restore(name, bucket.name);
    expect(done).toMatchObject({
      switched: true,
      outcome: { verdict: 'good', damage: [], differences: [] },
    });
    expect(await keysOf(bucket.name)).toEqual(await keysOf(shop.bucket.name));
    expect(await databasesOf(shop)).toEqual([name]);
    await expect(restore(unique('other'), bucket.name)).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringContaining('is not empty'),
    });
    await shop.sql(`drop database "${name}"`);
  });
});
