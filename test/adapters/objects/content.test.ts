import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, type TestBucket } from '../../systems/buckets.ts';
import { all, mebibyte, never, put, read, servers, sha256 } from './servers.ts';

const bed = await systems('minio', 'versitygw');

/** Each with what a server that keeps objects as files makes of it, where that is not to keep it. */
const keys: { key: string; refusedBy?: readonly string[] }[] = [
  { key: 'ünï/ço dé🚀' },
  { key: 'e\u0301 and \u00e9' },
  { key: 'a & b' },
  { key: `a<>"'b` },
  { key: 'a+b%2Fc%25' },
  { key: ' begins and ends blank ' },
  { key: '123' },
  { key: '007' },
  { key: '1e5' },
  { key: 'true' },
  { key: "-_.!~*'()" },
  { key: 'x*y?z#w\\v=b:c@d,e;f$g' },
  { key: 'line\nbreak\rand\ttab' },
  { key: `${'abcd/'.repeat(204)}wxyz` },
  { key: 'e\u0301' },
  { key: '\u00e9' },
  { key: '&<>"\'' },
  { key: 'a+b' },
  { key: '%2F' },
  { key: '%' },
  { key: '😀'.repeat(60) },
  { key: '/a', refusedBy: ['MinIO', 'versitygw'] },
  { key: 'a//b', refusedBy: ['MinIO', 'versitygw'] },
  { key: '../x', refusedBy: ['MinIO', 'versitygw'] },
  { key: '.', refusedBy: ['MinIO', 'versitygw'] },
  { key: '..', refusedBy: ['MinIO', 'versitygw'] },
  { key: 'folder/', refusedBy: ['versitygw'] },
  { key: '/leading', refusedBy: ['MinIO', 'versitygw'] },
  { key: 'two//slashes', refusedBy: ['MinIO', 'versitygw'] },
  { key: 'up/../stairs', refusedBy: ['MinIO', 'versitygw'] },
  { key: '../outside', refusedBy: ['MinIO', 'versitygw'] },
  { key: './here', refusedBy: ['MinIO', 'versitygw'] },
  { key: 'k'.repeat(1025), refusedBy: ['MinIO', 'versitygw'] },
];

for (const { server, variable } of servers) {
  describe.skipIf(!bed)(`content in ${server}`, () => {
    let store: ObjectStore;
    let home: TestBucket;
    let bucket: string;

    beforeAll(async () => {
      store = await openStore(bed?.(variable) ?? '');
      home = await createBucket(bed?.(variable) ?? '', 'content');
      bucket = home.name;
    });
    afterAll(async () => {
      await home[Symbol.asyncDispose]();
      store.close();
    });

    it.each([
      ['nothing', 0],
      ['one byte', 1],
      ['5 MiB - 1', 5 * mebibyte - 1],
      ['5 MiB', 5 * mebibyte],
      ['5 MiB + 1', 5 * mebibyte + 1],
      ['20 MiB', 20 * mebibyte],
    ])('gives back %s', async (name, size) => {
      const content = randomBytes(size);
      const partSize = 5 * mebibyte;
      const stored = await put(store, bucket, name, content, { partSize });
      expect(stored.outcome).toBe('stored');
      const stat = await store.stat(bucket, name, never);
      expect(stat).toMatchObject({
        size,
        etag: stored.outcome === 'stored' && stored.etag,
        metadata: { sha256: sha256(content) },
      });
      // An ETag with a dash is that of an object in parts.
      expect(/-\d+$/.exec(stat?.etag ?? '')?.[0]).toBe(
        size > partSize ? `-${Math.ceil(size / partSize)}` : undefined,
      );
      const back = await read(store, bucket, name, { sha256: sha256(content) });
      expect(back && sha256(back)).toBe(sha256(content));
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('gives back metadata and what HTTP says of the content', async () => {
      const described = {
        contentType: 'application/json; charset=utf-8',
        contentEncoding: 'gzip',
        contentDisposition: 'attachment; filename="ü.json"',
        contentLanguage: 'de-CH',
        cacheControl: 'no-store, max-age=0',
      };
      const metadata = {
        plain: 'text: with, everything; =ordinary "in it"',
        unicode: 'grüße 🚀',
        blank: '  two  blanks ',
        word: '=?UTF-8?B?YQ==?=',
        'with-dash': '1',
      };
      for (const size of [3, 5 * mebibyte + 1]) {
        const content = Buffer.alloc(size, 'x');
        const options = { ...described, metadata, partSize: 5 * mebibyte };
        await put(store, bucket, 'described', content, options);
        expect(await store.stat(bucket, 'described', never)).toMatchObject({
          ...described,
          metadata: { ...metadata, sha256: sha256(content) },
        });
        // Content that is marked as compressed is given as it is stored.
        expect((await read(store, bucket, 'described'))?.equals(content)).toBe(true);
      }
    });

    it.each(keys)(
      'keeps the key $key exactly, or says that it cannot',
      async ({ key, refusedBy }) => {
        const content = `of ${key}`;
        if (refusedBy?.includes(server)) {
          await expect(put(store, bucket, key, content)).rejects.toMatchObject({
            code: 'objects-failed',
          });
          return;
        }
        expect(await put(store, bucket, key, content)).toMatchObject({ outcome: 'stored' });
        expect(String(await read(store, bucket, key))).toBe(content);
        const listed = await all(await store.list(bucket, key, never));
        expect(listed?.map((entry) => entry.key)).toEqual([key]);
        expect(listed?.[0]).toMatchObject({ size: Buffer.byteLength(content) });
        expect(await store.removeMany(bucket, [{ key }], {}, never)).toEqual([]);
        expect(await store.stat(bucket, key, never)).toBeUndefined();
      },
    );

    it('keeps a key that XML cannot hold, or says that it cannot list it', async () => {
      await using other = await createBucket(bed?.(variable) ?? '', 'control');
      const odd = ['u\u0001', 'u\ufffe', 'u\ufffd'];
      for (const key of odd) await put(store, other.name, key, key);
      const listing = store.list(other.name, 'u', never).then(all);
      if (server === 'MinIO') {
        expect((await listing)?.map(({ key }) => key).sort()).toEqual(odd.toSorted());
      } else {
        await expect(listing).rejects.toMatchObject({ code: 'objects-failed' });
      }
      for (const key of odd) expect(String(await read(store, other.name, key))).toBe(key);
      expect(
        await store.removeMany(
          other.name,
          odd.map((key) => ({ key })),
          {},
          never,
        ),
      ).toEqual([]);
      expect(await all(await store.list(other.name, '', never))).toEqual([]);
    });

    it('keeps keys apart that look alike', async () => {
      await using other = await createBucket(bed?.(variable) ?? '', 'alike');
      // versitygw keeps objects as files, and has no room for a folder beside a file.
      const slash = server === 'MinIO' ? ['a/'] : [];
      const alike = [
        'a',
        ...slash,
        'A',
        'e\u0301',
        '\u00e9',
        'a+b',
        'a b',
        'a%20b',
        '\u2126',
        '\u03a9',
      ];
      for (const key of alike) await put(store, other.name, key, `of ${key}`);
      const listed = (await all(await store.list(other.name, '', never))) ?? [];
      const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(listed.map(({ key }) => key)).toEqual(alike.toSorted(byBytes));
      for (const key of alike) expect(String(await read(store, other.name, key))).toBe(`of ${key}`);
    });

    it('keeps an object below another one, and may not list it', async () => {
      await using other = await createBucket(bed?.(variable) ?? '', 'below');
      await put(store, other.name, 'a', 'above');
      const below = put(store, other.name, 'a/b', 'below');
      if (server === 'MinIO') {
        await below;
        expect(String(await read(store, other.name, 'a/b'))).toBe('below');
        const listed = await all(await store.list(other.name, '', never));
        expect(listed?.map(({ key }) => key)).toEqual(['a']);
        await store.remove(other.name, 'a/b', {}, never);
      } else {
        await expect(below).rejects.toMatchObject({ code: 'objects-failed' });
      }
    });

    it('takes no object without a key for its bucket', async () => {
      await expect(put(store, bucket, '', 'x')).rejects.toThrow('an object has a key');
      await expect(store.remove(bucket, '', {}, never)).rejects.toThrow('an object has a key');
      expect(await store.bucketExists(bucket, never)).toBe(true);
    });

    it('reads a range', async () => {
      await put(store, bucket, 'range', '0123456789');
      const range = async (offset: number, length?: number) =>
        String(
          await read(store, bucket, 'range', {
            range: length === undefined ? { offset } : { offset, length },
          }),
        );
      expect(await range(0, 1)).toBe('0');
      expect(await range(3, 4)).toBe('3456');
      expect(await range(8)).toBe('89');
      expect(await range(8, 100)).toBe('89');
      const content = await store.get(bucket, 'range', { range: { offset: 2, length: 3 } }, never);
      expect(content?.size).toBe(10);
      content?.body.destroy();
      await expect(range(10)).rejects.toMatchObject({ code: 'objects-failed' });
    });

    it('says what is missing', async () => {
      const nowhere = 'no-such-bucket-here';
      expect(await store.stat(bucket, 'nosuch', never)).toBeUndefined();
      expect(await store.get(bucket, 'nosuch', {}, never)).toBeUndefined();
      expect(await store.stat(nowhere, 'x', never)).toBeUndefined();
      expect(await store.get(nowhere, 'x', {}, never)).toBeUndefined();
      expect(await store.list(nowhere, '', never)).toBeUndefined();
      expect(await put(store, nowhere, 'x', 'x')).toEqual({ outcome: 'bucket-missing' });
      const large = Buffer.alloc(6 * mebibyte);
      expect(await put(store, nowhere, 'x', large, { partSize: 5 * mebibyte })).toEqual({
        outcome: 'bucket-missing',
      });
      expect(await store.remove(bucket, 'nosuch', {}, never)).toBe('removed');
      expect(await store.remove(nowhere, 'x', {}, never)).toBe('removed');
    });

    it('stores nothing that is not what was announced', async () => {
      const content = randomBytes(6 * mebibyte);
      const partSize = 5 * mebibyte;
      for (const [wrong, why] of [
        [{ size: content.length + 1 }, /has 6291456 bytes, not the 6291457 announced/],
        [{ size: content.length - 1 }, /longer than the 6291455 bytes announced/],
        [{ sha256: sha256(Buffer.from('other')) }, /SHA-256/],
      ] as const) {
        for (const size of [partSize, 8 * mebibyte]) {
          const putting = put(store, bucket, 'wrong', content, { ...wrong, partSize: size });
          await expect(putting).rejects.toMatchObject({
            code: 'objects-failed',
            message: expect.stringMatching(why),
          });
        }
      }
      expect(await store.stat(bucket, 'wrong', never)).toBeUndefined();
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('throws the error of the source, and ends for one that was destroyed', async () => {
      const failing = async function* () {
        yield Buffer.alloc(6 * mebibyte);
        throw new Error('the disk is gone');
      };
      const options = { size: 12 * mebibyte, sha256: '0'.repeat(64), partSize: 5 * mebibyte };
      await expect(store.put(bucket, 'broken', failing(), options, never)).rejects.toThrow(
        'the disk is gone',
      );
      const destroyed = Readable.from(failing());
      const putting = store.put(bucket, 'broken', destroyed, options, never);
      destroyed.destroy();
      await expect(putting).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      expect(await store.stat(bucket, 'broken', never)).toBeUndefined();
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('notices content that is not the one expected', async () => {
      await put(store, bucket, 'one', 'one');
      const expected = sha256(Buffer.from('other'));
      await expect(read(store, bucket, 'one', { sha256: expected })).rejects.toMatchObject({
        code: 'objects-failed',
        message: expect.stringContaining('SHA-256'),
      });
    });

    it('lets one of many writers win', async () => {
      const writers = [...'abcdefgh'];
      const whole = await Promise.all(
        writers.map((name) => put(store, bucket, 'lease', name, { ifAbsent: true })),
      );
      expect(whole.map(({ outcome }) => outcome).sort()).toEqual([
        ...Array(7).fill('exists'),
        'stored',
      ]);
      const winner = whole.findIndex(({ outcome }) => outcome === 'stored');
      expect(String(await read(store, bucket, 'lease'))).toBe(writers[winner]);
      const inParts = await Promise.all(
        writers.slice(0, 3).map((name) => {
          const content = Buffer.alloc(6 * mebibyte, name);
          return put(store, bucket, 'large lease', content, {
            ifAbsent: true,
            partSize: 5 * mebibyte,
          });
        }),
      );
      expect(inParts.map(({ outcome }) => outcome).sort()).toEqual(['exists', 'exists', 'stored']);
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('never mixes parallel writers of one key', async () => {
      const contents = [...'abc'].map((name) => Buffer.alloc(11 * mebibyte, name));
      const partSize = 5 * mebibyte;
      const stored = await Promise.all(
        contents.map((content) => put(store, bucket, 'contested', content, { partSize })),
      );
      expect(stored.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored']);
      const stat = await store.stat(bucket, 'contested', never);
      const back = await read(store, bucket, 'contested');
      expect(back && sha256(back)).toBe(stat?.metadata.sha256);
      expect(contents.map(sha256)).toContain(stat?.metadata.sha256);
    });

    it('leaves an unfinished upload of somebody else alone', async () => {
      const key = 'half done';
      const foreign = await foreignUpload(bed?.(variable) ?? '', bucket, key);
      const content = randomBytes(6 * mebibyte);
      await put(store, bucket, key, content, { partSize: 5 * mebibyte, metadata: { mine: '1' } });
      expect(await store.stat(bucket, key, never)).toMatchObject({
        size: content.length,
        metadata: { mine: '1', sha256: sha256(content) },
      });
      const left = (await all(await store.listUploads(bucket, '', never))) ?? [];
      expect(left).toMatchObject([{ key, uploadId: foreign }]);
      for (const upload of left) await store.abortUpload(bucket, upload, never);
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });
  });
}

/** Begun by another client. */
async function foreignUpload(url: string, bucket: string, key: string): Promise<string> {
  const { Client } = await import('minio');
  const { hostname, port, username, password } = new URL(url);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: username,
    secretKey: password,
    region: 'us-east-1',
  });
  return client.initiateNewMultipartUpload(bucket, key, { 'x-amz-meta-theirs': '1' });
}
