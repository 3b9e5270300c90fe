import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore } from '../../systems/buckets.ts';
import { all, mebibyte, never, put, read, servers } from './servers.ts';

const bed = await systems('minio', 'versitygw');
const nowhere = 'no-such-bucket-here';

for (const { server, variable } of servers) {
  describe.skipIf(!bed)(`buckets of ${server}`, () => {
    let store: ObjectStore;

    beforeAll(async () => {
      store = await openStore(bed?.(variable) ?? '');
    });
    afterAll(() => store.close());

    it('are made, found and removed', async () => {
      await using home = await createBucket(bed?.(variable) ?? '', 'bucket');
      expect(await store.bucketExists(home.name, never)).toBe(true);
      expect(await store.makeBucket(home.name, {}, never)).toBe('exists');
      await put(store, home.name, 'key', 'x');
      expect(await store.removeBucket(home.name, never)).toBe('not-empty');
      await store.remove(home.name, 'key', {}, never);
      expect(await store.removeBucket(home.name, never)).toBe('removed');
      expect(await store.removeBucket(home.name, never)).toBe('missing');
      expect(await store.bucketExists(home.name, never)).toBe(false);
    });

    it('that are missing are said to be', async () => {
      expect(await store.versioning(nowhere, never)).toBeUndefined();
      expect(await store.setVersioning(nowhere, 'enabled', never)).toBeUndefined();
      expect(await store.objectLock(nowhere, never)).toBeUndefined();
      expect(await store.listVersions(nowhere, '', never)).toBeUndefined();
      expect(await store.listUploads(nowhere, '', never)).toBeUndefined();
      expect(await store.removeMany(nowhere, [{ key: 'x' }], {}, never)).toEqual([]);
    });

    it('have names of their own kind', async () => {
      for (const name of ['', 'a/b', '..', '?acl']) {
        await expect(store.makeBucket(name, {}, never)).rejects.toMatchObject({
          code: 'objects-url-invalid',
        });
      }
    });

    it('with object lock keep what must be kept', async () => {
      await using plain = await createBucket(bed?.(variable) ?? '', 'plain');
      await using home = await createBucket(bed?.(variable) ?? '', 'locked', { objectLock: true });
      expect(await store.objectLock(plain.name, never)).toEqual({ enabled: false });
      expect(await store.objectLock(home.name, never)).toEqual({ enabled: true });
      expect(await store.versioning(home.name, never)).toBe('enabled');

      // Whole seconds: not every server keeps less.
      const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);
      const retention = { mode: 'governance', until } as const;
      await expect(put(store, plain.name, 'key', 'x', { retention })).rejects.toMatchObject({
        code: 'objects-failed',
      });
      for (const size of [4, 6 * mebibyte]) {
        const content = Buffer.alloc(size, 'x');
        const stored = await put(store, home.name, 'kept', content, {
          retention,
          partSize: 5 * mebibyte,
        });
        const versionId = (stored.outcome === 'stored' && stored.versionId) || 'none';
        expect(await store.stat(home.name, 'kept', never)).toMatchObject({ retention, versionId });
        expect(await store.remove(home.name, 'kept', { versionId }, never)).toBe('protected');
        const failures = await store.removeMany(home.name, [{ key: 'kept', versionId }], {}, never);
        expect(failures).toMatchObject([{ key: 'kept', versionId }]);
        expect(failures[0]?.code).not.toBe('');
        expect(await store.remove(home.name, 'kept', {}, never)).toBe('removed');
        expect((await read(store, home.name, 'kept', { versionId }))?.length).toBe(size);
        const bypass = { versionId, bypassGovernance: true };
        expect(await store.remove(home.name, 'kept', bypass, never)).toBe('removed');
      }
      const rest = (await all(await store.listVersions(home.name, '', never))) ?? [];
      expect(rest.every(({ isDeleteMarker }) => isDeleteMarker)).toBe(true);
    });
  });
}
