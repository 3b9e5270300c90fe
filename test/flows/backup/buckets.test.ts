import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import { systems } from '../../systems/bed.ts';
import { bucketDocuments, type Fixture, fixture, oddObjects, putObject } from './fixture.ts';
import { never, unique } from './support.ts';

const bed = await systems('postgres', 'minio', 'versitygw');

const ways = [
  { store: 'DEPLOYCHECK_TEST_S3', encrypted: false },
  { store: 'DEPLOYCHECK_TEST_S3_SECOND', encrypted: true },
] as const;

for (const { store, encrypted } of ways) {
  describe.skipIf(!bed)(`a bucket of ${store}${encrypted ? ', encrypted' : ''}`, () => {
    let shop: Fixture;
    beforeAll(async () => {
      if (!bed) return;
      shop = await fixture(bed, store, 'folder', { encrypted });
      // Objects have to be older than a run that may count on what it saw.
      await settled();
    });
    afterAll(() => shop?.[Symbol.asyncDispose]());

    /** Waits until a store that counts in seconds could not write an object in the same one. */
    const settled = async () => {
      const began = Date.now();
      while (Date.now() - began < 3100) await shop.store.bucketExists(shop.bucket.name, never);
    };
    const unreadOf = async (set: string) =>
      shop.open(set, async ({ manifest }) => manifest?.buckets[0]?.unread);

    it('is not read again where it has not changed', async () => {
      expect(await unreadOf(await shop.create())).toBe(0);
      const again = await shop.create();
      expect(await unreadOf(again)).toBe(oddObjects.length);
      expect(await shop.rehearse(again)).toMatchObject({ verdict: 'good', differences: [] });
    });

    it('is read again where content or metadata changed, and its tags are never old', async () => {
      const [first, second] = oddObjects;
      if (!first || !second) throw new Error('no objects');
      await putObject(shop.store, shop.bucket.name, { ...first, content: Buffer.from('%PDF 9') });
      await putObject(shop.store, shop.bucket.name, { ...second, metadata: { who: 'you' } });
      await shop.store.setTags(shop.bucket.name, 'large', { size: 'L' }, never);
      await shop.store.remove(shop.bucket.name, ' blank ', {}, never);
      const changed = await shop.create();
      expect(await unreadOf(changed)).toBe(oddObjects.length - 3);
      expect(await shop.rehearse(changed)).toMatchObject({ verdict: 'good', differences: [] });
    });

    it('is read again where the repository lost an object, or nobody remembers', async () => {
      await settled();
      await shop.create();
      const root = shop.place.url.slice('file:'.length);
      const entries = await readdir(join(root, 'objects'), {
        recursive: true,
        withFileTypes: true,
      });
      for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
        const path = join(parentPath, name);
        // The largest has not changed.
        if ((await stat(path)).size > 1_000_000) await rm(path);
      }
      const mended = await shop.create();
      expect(await unreadOf(mended)).toBeLessThan(oddObjects.length - 1);
      expect(await shop.rehearse(mended)).toMatchObject({ verdict: 'good' });
      const index = join(shop.bench.home, 'object-index');
      for (const file of await readdir(index)) await writeFile(join(index, file), 'damaged');
      const forgetful = await shop.create();
      expect(await unreadOf(forgetful)).toBe(0);
      expect(await shop.rehearse(forgetful)).toMatchObject({ verdict: 'good' });
    });

    it('comes back with its settings and the tags of its objects', async () => {
      const set = await shop.create();
      const name = unique('restored').replaceAll('_', '-');
      const target = {
        database: null,
        replace: false,
        buckets: [{ of: 'invoices', name, place: { endpoint: '' } }],
      };
      const restored = await shop.open(set, async (opened, home, use) => {
        if (!opened.manifest) throw new Error(opened.problem);
        return restoreSet(opened, target, home, use);
      });
      expect(restored.outcome).toMatchObject({ verdict: 'good', lacking: [], differences: [] });
      const policy = await shop.store.bucketDocument(name, 'policy', never);
      const wanted = JSON.parse(bucketDocuments(name).policy);
      expect(policy.outcome === 'found' && JSON.parse(policy.text)).toEqual(wanted);
      expect(await shop.store.bucketDocument(name, 'tags', never)).toMatchObject({
        text: expect.stringMatching(/<Key>team<\/Key><Value>shop<\/Value>/),
      });
      const tags = await shop.store.tags(name, 'packed.json', never);
      expect(tags).toEqual({ team: 'shop', kind: 'a=b' });
      for await (const { key } of (await shop.store.list(name, '', never)) ?? []) {
        await shop.store.remove(name, key, {}, never);
      }
      await shop.store.removeBucket(name, never);
    });
  });
}
