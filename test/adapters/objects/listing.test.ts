import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, type TestBucket } from '../../systems/buckets.ts';
import { all, never, put, read, servers } from './servers.ts';

const bed = await systems('minio', 'versitygw');

for (const { server, variable } of servers) {
  describe.skipIf(!bed)(`listing ${server}`, () => {
    let store: ObjectStore;
    let home: TestBucket;

    beforeAll(async () => {
      store = await openStore(bed?.(variable) ?? '');
      home = await createBucket(bed?.(variable) ?? '', 'listing');
    });
    afterAll(async () => {
      await home[Symbol.asyncDispose]();
      store.close();
    });

    it('gives every key of every page, and removes them all', async () => {
      const names = Array.from({ length: 1005 }, (_, at) => `many & more/${at} ü+%`);
      await put(store, home.name, 'beside', '');
      await Promise.all(names.map((key) => put(store, home.name, key, '')));
      const listed = await all(await store.list(home.name, 'many & more/', never));
      expect(listed?.map(({ key }) => key).sort()).toEqual(names.toSorted());
      const versions = await all(await store.listVersions(home.name, 'many & more/', never));
      expect(versions?.map(({ key }) => key).sort()).toEqual(names.toSorted());
      const left = await store.removeMany(home.name, listed ?? [], {}, never);
      expect(left).toEqual([]);
      const rest = await all(await store.list(home.name, '', never));
      expect(rest?.map(({ key }) => key)).toEqual(['beside']);
    });

    it('ends when the reader has enough', async () => {
      for await (const { key } of (await store.list(home.name, '', never)) ?? []) {
        expect(key).toBe('beside');
        break;
      }
      expect(await all(await store.list(home.name, 'nothing like it', never))).toEqual([]);
    });

    it('gives the versions of one key over several pages, and of no other one', async () => {
      await using versioned = await createBucket(bed?.(variable) ?? '', 'versions');
      const bucket = versioned.name;
      await store.setVersioning(bucket, 'enabled', never);
      const key = 'k&+ ü';
      // More than a page, which the next marker has to name the key and the version of.
      for (let at = 0; at < 120; at++) await put(store, bucket, key, `version ${at}`);
      await put(store, bucket, `${key}2`, 'of another key');
      const versions = (await all(await store.versionsOf(bucket, key, never))) ?? [];
      expect(versions.every((version) => version.key === key)).toBe(true);
      expect(new Set(versions.map(({ versionId }) => versionId)).size).toBe(120);
      expect(await all(await store.versionsOf(bucket, 'k', never))).toEqual([]);
      if (server !== 'MinIO') return;
      const [newest, oldest] = [versions[0], versions.at(-1)].map((version) => version?.versionId);
      const contentOf = async (versionId = '') =>
        String(await read(store, bucket, key, { versionId }));
      expect(await contentOf(newest)).toBe('version 119');
      expect(await contentOf(oldest)).toBe('version 0');
    });

    it('gives versions and delete markers, newest first', async () => {
      await using versioned = await createBucket(bed?.(variable) ?? '', 'versions');
      const bucket = versioned.name;
      expect(await store.versioning(bucket, never)).toBe('never');
      await put(store, bucket, 'v', 'before versioning');
      expect(await store.setVersioning(bucket, 'enabled', never)).toBe('set');
      expect(await store.versioning(bucket, never)).toBe('enabled');
      const first = await put(store, bucket, 'v', 'one');
      const second = await put(store, bucket, 'v', 'second');
      expect(await store.remove(bucket, 'v', {}, never)).toBe('removed');
      expect(await store.stat(bucket, 'v', never)).toBeUndefined();

      const versions = (await all(await store.listVersions(bucket, '', never))) ?? [];
      const idOf = (stored: object) => ('versionId' in stored ? stored.versionId : 'none');
      expect(versions).toMatchObject([
        { key: 'v', isDeleteMarker: true, isLatest: true, size: 0 },
        { key: 'v', isDeleteMarker: false, isLatest: false, size: 6, versionId: idOf(second) },
        { key: 'v', isDeleteMarker: false, isLatest: false, size: 3, versionId: idOf(first) },
        { key: 'v', isDeleteMarker: false, isLatest: false, size: 17, versionId: 'null' },
      ]);
      const contents: unknown[] = [];
      for (const { versionId } of versions) {
        contents.push((await read(store, bucket, 'v', { versionId }))?.toString());
        const stat = await store.stat(bucket, 'v', never, versionId);
        expect(stat?.size).toBe(
          contents.at(-1) === undefined ? undefined : String(contents.at(-1)).length,
        );
      }
      expect(contents).toEqual([undefined, 'second', 'one', 'before versioning']);

      const [marker] = versions;
      const { versionId = '' } = marker ?? {};
      expect(await store.remove(bucket, 'v', { versionId }, never)).toBe('removed');
      // versitygw then shows the version from before versioning, whatever its age.
      const shown = server === 'MinIO' ? 'second' : 'before versioning';
      expect(String(await read(store, bucket, 'v'))).toBe(shown);
      expect(await store.setVersioning(bucket, 'suspended', never)).toBe('set');
      expect(await store.versioning(bucket, never)).toBe('suspended');
    });
  });
}
