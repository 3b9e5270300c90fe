import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, ObjectStoreSettings } from '../../../src/adapters/objects/objects.ts';
import type { Patience } from '../../../src/adapters/objects/requests.ts';
import { openObjects } from '../../../src/adapters/objects/s3.ts';
import type { Fault } from '../../../src/core/fault.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, storeSettings, type TestBucket } from '../../systems/buckets.ts';
import { faultProxy, first } from '../../systems/fault-proxy.ts';
import { proxy } from '../../systems/toxiproxy.ts';
import { losingProxy, s3Error } from './losing-proxy.ts';
import { all, mebibyte, never, put, read, servers, sha256 } from './servers.ts';

const bed = await systems('minio', 'versitygw', 'toxiproxy');

const storeAt = async (
  url: string,
  patience: Partial<Patience> = {},
  change: Partial<ObjectStoreSettings> = {},
) => openObjects({ ...(await storeSettings(url)), ...change }, { delayMs: 1, ...patience });

const slowDown = { answer: 503, body: s3Error('SlowDown') } as const;

const faultOf = (work: Promise<unknown>): Promise<Fault> =>
  work.then(
    () => expect.unreachable(),
    (error: Fault) => error,
  );

for (const { server, variable } of servers) {
  describe.skipIf(!bed)(`trouble with ${server}`, () => {
    const url = () => bed?.(variable) ?? '';
    let store: ObjectStore;
    let home: TestBucket;
    let bucket: string;

    beforeAll(async () => {
      store = await openStore(url());
      home = await createBucket(url(), 'faults');
      bucket = home.name;
    });
    afterAll(async () => {
      await home[Symbol.asyncDispose]();
      store.close();
    });
    const newProxy = async () => {
      const toxic = await proxy(
        bed?.('DEPLOYCHECK_TEST_TOXIPROXY') ?? '',
        new URL(url()).host,
        bed?.('DEPLOYCHECK_TEST_FREE_PORTS') ?? '',
      );
      const address = new URL(url());
      address.port = String(toxic.port);
      return { toxic, address: address.href };
    };
    /** A store behind a proxy that answers for the server what it would say on a bad day. */
    const door = async (patience: Partial<Patience> = {}) => {
      const fault = await faultProxy(new URL(url()).host);
      const address = new URL(url());
      address.host = fault.address;
      return { fault, behind: await storeAt(address.href, patience) };
    };

    it('names keys that are not taken', async () => {
      const wrongSecret = new URL(url());
      wrongSecret.password = 'not-the-secret-key';
      const signature = await faultOf((await storeAt(wrongSecret.href)).list(bucket, '', never));
      expect(signature.code).toBe('objects-denied');
      expect(signature.message).toContain('SignatureDoesNotMatch');
      expect(signature.message).not.toContain('not-the-secret');
      const wrongKey = new URL(url());
      wrongKey.username = 'nobody';
      const key = await faultOf((await storeAt(wrongKey.href)).versioning(bucket, never));
      expect(key.code).toBe('objects-denied');
      expect(key.message).toMatch(/InvalidAccessKeyId|XAdminUserNotFound/);
      const stranger = await storeAt(wrongKey.href);
      for (const call of [
        () => stranger.stat(bucket, 'x', never),
        () => stranger.get(bucket, 'x', {}, never),
        () => stranger.bucketExists(bucket, never),
        () => stranger.remove(bucket, 'x', {}, never),
      ]) {
        expect(await faultOf(call())).toMatchObject({ code: 'objects-denied' });
      }
      for (const method of ['stat', 'get', 'put'] as const) {
        const other = await storeAt(wrongSecret.href);
        const calls = {
          stat: () => other.stat(bucket, 'x', never),
          get: () => other.get(bucket, 'x', {}, never),
          put: () => put(other, bucket, 'x', Buffer.alloc(5 * mebibyte)),
        };
        expect(await faultOf(calls[method]())).toMatchObject({ code: 'objects-denied' });
      }
    });

    it('names a clock that is wrong', async () => {
      const now = () => new Date(Date.now() - 20 * 60_000);
      const late = await storeAt(url(), { now });
      for (const call of [
        () => late.list(bucket, '', never),
        () => late.stat(bucket, 'x', never),
      ]) {
        expect(await faultOf(call())).toMatchObject({
          code: 'objects-denied',
          message: expect.stringContaining("our clock is 20 minutes behind the server's"),
        });
      }
    });

    it('names the region when it is another one', async () => {
      const { fault, behind } = await door();
      await using _ = fault;
      const answers = [
        { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-9' } },
        { status: 400, code: 'AuthorizationHeaderMalformed', region: 'eu-west-9' },
      ];
      for (const { status, code, headers, region } of answers) {
        fault.play(() => ({ answer: status, headers: headers ?? {}, body: s3Error(code, region) }));
        expect(await faultOf(behind.list(bucket, '', never))).toMatchObject({
          code: 'objects-denied',
          message: expect.stringContaining('the bucket is in region eu-west-9, not us-east-1'),
        });
      }
      // MinIO takes any region unless it was given one.
      if (server === 'MinIO') return;
      const elsewhere = await storeAt(url(), {}, { region: 'eu-west-9' });
      expect(await faultOf(elsewhere.list(bucket, '', never))).toMatchObject({
        code: 'objects-denied',
      });
    });

    it('says that nobody answers', async () => {
      const { toxic, address } = await newProxy();
      await using _ = toxic;
      await toxic.disable();
      const nobody = await storeAt(address);
      for (const call of [
        () => nobody.list(bucket, '', never),
        () => put(nobody, bucket, 'x', 'x'),
      ]) {
        expect(await faultOf(call())).toMatchObject({
          code: 'objects-unreachable',
          message: expect.stringMatching(/ECONNREFUSED.* \(4 tries\)/),
        });
      }
      const unknown = await storeAt('http://a-key:a-secret@no-such-host.invalid');
      expect(await faultOf(unknown.bucketExists(bucket, never))).toMatchObject({
        code: 'objects-unreachable',
      });
    });

    it('gives up on a server that says nothing', async () => {
      const { toxic, address } = await newProxy();
      await using _ = toxic;
      await toxic.add({ type: 'timeout', timeout: 0 });
      await toxic.add({ type: 'timeout', timeout: 0 }, 'upstream');
      const silent = await storeAt(address, { idleMs: 50, attempts: 2 });
      expect(await faultOf(silent.bucketExists(bucket, never))).toMatchObject({
        code: 'objects-unreachable',
        message: expect.stringContaining('no byte for 0.05 seconds (2 tries)'),
      });
      expect(await faultOf(put(silent, bucket, 'silent', 'x'))).toMatchObject({
        code: 'objects-unreachable',
      });
    });

    it('tries again when the server is out of breath', async () => {
      const { fault, behind } = await door();
      await using _ = fault;
      const refusals = new Map<string, number>();
      fault.play(({ method, url: path }) => {
        const request = `${method} ${path}`;
        const refused = refusals.get(request) ?? 0;
        if (refused === 2) return undefined;
        refusals.set(request, refused + 1);
        return refused === 0
          ? { answer: 503, body: s3Error('SlowDown') }
          : { answer: 500, body: s3Error('InternalError') };
      });
      const content = Buffer.alloc(11 * mebibyte, 'x');
      expect(await put(behind, bucket, 'tired', content, { partSize: 5 * mebibyte })).toMatchObject(
        {
          outcome: 'stored',
        },
      );
      expect((await read(behind, bucket, 'tired'))?.equals(content)).toBe(true);
      expect(await all(await behind.list(bucket, 'tired', never))).toHaveLength(1);
      expect(await behind.remove(bucket, 'tired', {}, never)).toBe('removed');
      // Begin, three parts, complete, get, list, delete.
      expect(refusals.size).toBe(8);
    });

    it('gives up in the end, and leaves nothing half sent', async () => {
      const { fault, behind } = await door();
      await using _ = fault;
      fault.play(first(Number.POSITIVE_INFINITY, slowDown, /partNumber=2/));
      const content = Buffer.alloc(21 * mebibyte, 'x');
      const putting = put(behind, bucket, 'never', content, { partSize: 5 * mebibyte });
      expect(await faultOf(putting)).toMatchObject({
        code: 'objects-failed',
        message: expect.stringMatching(/PUT .*never \(4 tries\): 503 SlowDown: made up/),
      });
      expect(fault.acts()).toBe(4);
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
      expect(await store.stat(bucket, 'never', never)).toBeUndefined();
    });

    it('does as Retry-After says, within reason', async () => {
      const { fault, behind } = await door({ delayMs: 3_600_000 });
      await using _ = fault;
      const headers = [{ 'retry-after': '0' }, { 'retry-after': new Date(0).toUTCString() }];
      fault.play(() => {
        const next = headers.shift();
        return next && { ...slowDown, headers: next };
      });
      // Without the header each wait would be half an hour at least.
      expect(await behind.bucketExists(bucket, never)).toBe(true);
      expect(fault.requests).toHaveLength(3);
      fault.play(() => ({ ...slowDown, headers: { 'retry-after': '86400' } }));
      expect(await faultOf(behind.bucketExists(bucket, never))).toMatchObject({
        code: 'objects-failed',
      });
      expect(fault.requests).toHaveLength(4);
    });

    it('sees the error in a good answer to the last request of an upload', async () => {
      const { fault, behind } = await door();
      await using _ = fault;
      fault.play(first(1, { answer: 200, body: s3Error('InternalError') }, /^POST .*uploadId=/));
      const content = Buffer.alloc(6 * mebibyte, 'x');
      const options = { partSize: 5 * mebibyte };
      expect(await put(behind, bucket, 'late', content, options)).toMatchObject({
        outcome: 'stored',
      });
      expect(fault.acts()).toBe(1);
      expect((await store.stat(bucket, 'late', never))?.size).toBe(content.length);
      fault.play(first(1, { answer: 200, body: s3Error('AccessDenied') }, /^POST .*uploadId=/));
      expect(await faultOf(put(behind, bucket, 'denied late', content, options))).toMatchObject({
        code: 'objects-denied',
      });
      expect(await store.stat(bucket, 'denied late', never)).toBeUndefined();
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('knows its own object when the answer was lost', async () => {
      await using loser = await losingProxy(url(), /^PUT (?!.*partNumber=)|^POST .*uploadId=/);
      const behind = await storeAt(loser.url);
      expect(await put(behind, bucket, 'own', 'mine', { ifAbsent: true })).toMatchObject({
        outcome: 'stored',
      });
      expect(loser.lost()).toBe(1);
      expect(await put(behind, bucket, 'own', 'mine', { ifAbsent: true })).toEqual({
        outcome: 'exists',
      });
      loser.again();
      const content = Buffer.alloc(6 * mebibyte, 'x');
      const options = { ifAbsent: true, partSize: 5 * mebibyte };
      expect(await put(behind, bucket, 'own in parts', content, options)).toMatchObject({
        outcome: 'stored',
      });
      expect(loser.lost()).toBe(2);
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('says that a removal was not confirmed, and that an answer makes no sense', async () => {
      const { fault, behind } = await door();
      await using _ = fault;
      fault.play(({ method }) => ({
        answer: 200,
        body: method === 'POST' ? '<DeleteResult/>' : '<html><br></html>',
      }));
      for (const call of [
        () => behind.removeMany(bucket, [{ key: 'x' }], {}, never),
        () => behind.list(bucket, '', never),
      ]) {
        expect(await faultOf(call())).toMatchObject({ code: 'objects-failed' });
      }
    });

    it('notices content that is cut short', async () => {
      const { toxic, address } = await newProxy();
      await using _ = toxic;
      const cut = await storeAt(address);
      await put(store, bucket, 'long', Buffer.alloc(4 * mebibyte, 'x'));
      await toxic.add({ type: 'limit_data', bytes: mebibyte });
      expect(await faultOf(read(cut, bucket, 'long'))).toMatchObject({
        code: 'objects-failed',
        message: expect.stringMatching(/GET .*long: cut after \d+ of 4194304 bytes/),
      });
    });

    it('notices a connection that is reset in the middle of reading', async () => {
      const { toxic, address } = await newProxy();
      await using _ = toxic;
      const reset = await storeAt(address);
      // More than the buffers on the way hold.
      await put(store, bucket, 'long', Buffer.alloc(32 * mebibyte, 'x'));
      const content = await reset.get(bucket, 'long', {}, never);
      await toxic.disable();
      const reading = (async () => {
        for await (const _ of content?.body ?? []);
      })();
      expect(await faultOf(reading)).toMatchObject({ code: 'objects-failed' });
    });

    it('sends again what a reset cut, and takes back what it cannot', async () => {
      const { toxic, address } = await newProxy();
      await using _ = toxic;
      const behind = await storeAt(address);
      const content = Buffer.alloc(11 * mebibyte, 'x');
      const options = { partSize: 5 * mebibyte };
      await toxic.add({ type: 'limit_data', bytes: 7 * mebibyte }, 'upstream');
      expect(await put(behind, bucket, 'cut', content, options)).toMatchObject({
        outcome: 'stored',
      });
      expect((await read(store, bucket, 'cut'))?.equals(content)).toBe(true);
      await store.remove(bucket, 'cut', {}, never);

      await toxic.heal();
      const { fault, behind: watched } = await door();
      await using __ = fault;
      fault.play(first(Number.POSITIVE_INFINITY, 'reset', /partNumber=/));
      expect(await faultOf(put(watched, bucket, 'cut', content, options))).toMatchObject({
        code: 'objects-unreachable',
      });
      expect(await store.stat(bucket, 'cut', never)).toBeUndefined();
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
    });

    it('waits for a slow reader, and not for a server that stops', async () => {
      const content = Buffer.alloc(16 * mebibyte, 'x');
      await put(store, bucket, 'slow', content);
      const direct = await storeAt(url(), { idleMs: 200 });
      const slow = await direct.get(bucket, 'slow', { sha256: sha256(content) }, never);
      const reader = slow?.body[Symbol.asyncIterator]();
      await reader?.next();

      const { fault, behind } = await door({ idleMs: 200 });
      await using _ = fault;
      fault.play(() => ({ hangAt: 1 }));
      const stuck = await behind.get(bucket, 'slow', {}, never);
      const reading = (async () => {
        for await (const _ of stuck?.body ?? []);
      })();
      // The first one was not read for as long as this takes.
      expect(await faultOf(reading)).toMatchObject({
        code: 'objects-failed',
        message: expect.stringContaining('no byte for 0.2 seconds'),
      });
      for (let next = await reader?.next(); next && !next.done; next = await reader?.next());
      expect(slow?.body.errored).toBeNull();
    });
  });
}
