import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore } from '../../systems/buckets.ts';
import { all, mebibyte, never, put, read, servers } from './servers.ts';

const bed = await systems('minio', 'versitygw');
/** What each server takes. */
const documentsOf: Readonly<Record<string, readonly string[]>> = {
  MinIO: ['policy', 'lifecycle', 'tags'],
  versitygw: ['policy', 'cors', 'tags'],
};
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

    it('keep the settings that they are given', async () => {
      await using home = await createBucket(bed?.(variable) ?? '', 'settings');
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Effect: 'Allow', Principal: { AWS: ['*'] }, Action: ['s3:GetObject'] },
            Resource: [`arn:aws:s3:::${home.name}/*`],
          },
        ],
      };
      const texts = {
        policy: JSON.stringify(policy),
        lifecycle:
          '<LifecycleConfiguration><Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix>tmp/</Prefix></Filter><Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>',
        cors: '<CORSConfiguration><CORSRule><AllowedOrigin>https://shop.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
        tags: '<Tagging><TagSet><Tag><Key>team</Key><Value>shop + co</Value></Tag></TagSet></Tagging>',
      } as const;
      const kept: string[] = [];
      for (const document of ['policy', 'lifecycle', 'cors', 'tags'] as const) {
        const before = await store.bucketDocument(home.name, document, never);
        expect(before.outcome).toMatch(/none|unsupported/);
        if (before.outcome === 'unsupported') continue;
        const set = await store.setBucketDocument(home.name, document, texts[document], never);
        if (set === 'unsupported') continue;
        const after = await store.bucketDocument(home.name, document, never);
        expect(after).toMatchObject({
          outcome: 'found',
          text: expect.stringMatching(/s3:GetObject|tmp\/|shop\.example|shop \+ co/),
        });
        kept.push(document);
        // What was read can be set again, as a restore does.
        if (after.outcome !== 'found') continue;
        expect(await store.setBucketDocument(home.name, document, after.text, never)).toBe('set');
      }
      expect(kept).toEqual(documentsOf[server]);
    });

    it('keep the tags of their objects', async () => {
      await using home = await createBucket(bed?.(variable) ?? '', 'tags');
      await put(store, home.name, 'key', 'x');
      expect(await store.tags(home.name, 'key', never)).toEqual({});
      const tags = { team: 'a + b = c', 'size:x': 'a/@', empty: '' };
      expect(await store.setTags(home.name, 'key', tags, never)).toBe('set');
      expect(await store.tags(home.name, 'key', never)).toEqual(tags);
      expect(await store.setTags(home.name, 'key', {}, never)).toBe('set');
      expect(await store.tags(home.name, 'key', never)).toEqual({});
      expect(await store.tags(home.name, 'other', never)).toBeUndefined();
      expect(await store.setTags(home.name, 'other', tags, never)).toBeUndefined();
      expect(await store.tags(nowhere, 'key', never)).toBeUndefined();
    });

    it('keep tags that are not ASCII, or say that they do not', async () => {
      await using home = await createBucket(bed?.(variable) ?? '', 'tags');
      await put(store, home.name, 'key', 'x');
      const tags = { größe: 'zwölf' };
      const set = store.setTags(home.name, 'key', tags, never);
      if (server === 'MinIO') {
        await expect(set).rejects.toMatchObject({ code: 'objects-failed' });
        expect(await store.tags(home.name, 'key', never)).toEqual({});
      } else {
        expect(await set).toBe('set');
        expect(await store.tags(home.name, 'key', never)).toEqual(tags);
      }
    });

    it('say what protects a version', async () => {
      await using home = await createBucket(bed?.(variable) ?? '', 'locked', { objectLock: true });
      const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);
      const retention = { mode: 'governance', until } as const;
      await put(store, home.name, 'key', 'free');
      await put(store, home.name, 'key', 'kept', { retention });
      const found: unknown[] = [];
      for (const { versionId } of (await all(await store.versionsOf(home.name, 'key', never))) ??
        []) {
        found.push(await store.protection(home.name, 'key', versionId, never));
      }
      expect(found).toEqual([{ retention, legalHold: false }, { legalHold: false }]);
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
