import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { openObjects } from '../../../src/adapters/objects/s3.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, storeSettings, type TestBucket } from '../../systems/buckets.ts';
import { type FaultProxy, faultProxy, first } from '../../systems/fault-proxy.ts';
import { s3Error } from './losing-proxy.ts';
import { all, mebibyte, never, put, read, servers, sha256 } from './servers.ts';

const bed = await systems('minio', 'versitygw');
const enough = new Error('enough');

for (const { server, variable } of servers) {
  describe.skipIf(!bed)(`aborting a call of ${server}`, () => {
    let store: ObjectStore;
    let home: TestBucket;
    let bucket: string;
    let door: FaultProxy;
    let behind: ObjectStore;
    let controller: AbortController;

    beforeAll(async () => {
      store = await openStore(bed?.(variable) ?? '');
      home = await createBucket(bed?.(variable) ?? '', 'abort');
      bucket = home.name;
      await put(store, bucket, 'kept', Buffer.alloc(4 * mebibyte, 'x'));
    });
    afterAll(async () => {
      await home[Symbol.asyncDispose]();
      store.close();
    });
    beforeEach(async () => {
      const url = new URL(bed?.(variable) ?? '');
      door = await faultProxy(url.host);
      url.host = door.address;
      // A retry would wait for as long as the test may take.
      behind = openObjects(await storeSettings(url.href), { delayMs: 3_600_000 });
      controller = new AbortController();
    });
    afterEach(async () => {
      behind.close();
      await door[Symbol.asyncDispose]();
    });

    /** No answer comes to the requests matched; their connections end by our doing only. */
    const hold = (which: RegExp) => {
      door.play(first(Number.POSITIVE_INFINITY, 'hang', which));
      return {
        arrived: () => door.until(() => door.acts() > 0),
        ended: () => door.until(() => door.connections() === 0),
      };
    };
    const nothingLeft = async (key: string) => {
      expect(await all(await store.listUploads(bucket, '', never))).toEqual([]);
      expect(await store.stat(bucket, key, never)).toBeUndefined();
    };

    it('is noticed before anything is sent', async () => {
      const aborted = AbortSignal.abort(enough);
      for (const call of [
        () => behind.list(bucket, '', aborted),
        () => behind.stat(bucket, 'kept', aborted),
        () => behind.get(bucket, 'kept', {}, aborted),
        () => put(behind, bucket, 'new', 'x', {}, aborted),
        () => behind.remove(bucket, 'kept', {}, aborted),
        () => behind.removeMany(bucket, [{ key: 'kept' }], {}, aborted),
        () => behind.bucketExists(bucket, aborted),
        () => behind.makeBucket('never-made', {}, aborted),
      ]) {
        await expect(call()).rejects.toBe(enough);
      }
      expect(door.requests).toEqual([]);
    });

    it.each<[string, RegExp, (signal: AbortSignal) => Promise<unknown>]>([
      ['stat', /^HEAD/, (signal) => behind.stat(bucket, 'kept', signal)],
      ['get', /^GET/, (signal) => behind.get(bucket, 'kept', {}, signal)],
      ['list', /^GET/, (signal) => behind.list(bucket, '', signal)],
      ['put', /^PUT/, (signal) => put(behind, bucket, 'new', 'x', {}, signal)],
      ['remove', /^DELETE/, (signal) => behind.remove(bucket, 'kept', {}, signal)],
      ['versioning', /^GET/, (signal) => behind.versioning(bucket, signal)],
    ])('ends the connection of %s', async (_, request, call) => {
      const held = hold(request);
      const refused = expect(call(controller.signal)).rejects.toBe(enough);
      await held.arrived();
      controller.abort(enough);
      await refused;
      await held.ended();
      expect(await store.stat(bucket, 'kept', never)).toBeDefined();
      await nothingLeft('new');
    });

    it('ends waiting for another try', async () => {
      door.play(() => ({ answer: 503, body: s3Error('SlowDown') }));
      const refused = expect(behind.bucketExists(bucket, controller.signal)).rejects.toBe(enough);
      await door.until(() => door.acts() === 1 && door.connections() === 0);
      controller.abort(enough);
      await refused;
    });

    it('ends reading in the middle', async () => {
      door.play(() => ({ hangAt: 100 }));
      const content = await behind.get(bucket, 'kept', {}, controller.signal);
      let bytes = 0;
      const reading = (async () => {
        for await (const chunk of content?.body ?? []) {
          bytes += chunk.length;
          controller.abort(enough);
        }
      })();
      await expect(reading).rejects.toBe(enough);
      expect(bytes).toBe(100);
      await door.until(() => door.connections() === 0);
    });

    it('ends the connection when the reader has enough', async () => {
      door.play(() => ({ hangAt: 100 }));
      const content = await behind.get(bucket, 'kept', {}, controller.signal);
      content?.body.once('data', () => content.body.destroy());
      await door.until(() => door.connections() === 0);
      expect(content?.body.errored).toBeNull();
    });

    it('ends a listing between two pages', async () => {
      await Promise.all(
        Array.from({ length: 1001 }, (_, at) => put(store, bucket, `pages/${at}`, '')),
      );
      const listed = await behind.list(bucket, 'pages/', controller.signal);
      let count = 0;
      const listing = (async () => {
        for await (const _ of listed ?? []) if (count++ === 0) controller.abort(enough);
      })();
      await expect(listing).rejects.toBe(enough);
      expect(count).toBe(1000);
    });

    it.each([
      ['a part', /partNumber=2/],
      ['the completion', /^POST .*uploadId=/],
    ])('takes back what was sent while it waits for %s', async (_, request) => {
      const held = hold(request);
      const content = Buffer.alloc(11 * mebibyte, 'x');
      const options = { partSize: 5 * mebibyte };
      const putting = put(behind, bucket, 'new', content, options, controller.signal);
      const refused = expect(putting).rejects.toBe(enough);
      await held.arrived();
      controller.abort(enough);
      await refused;
      await nothingLeft('new');
    });

    it('takes back an upload of which it hears only afterwards', async () => {
      door.play(({ method, url }) => {
        // The server begins the upload while the abort is on its way.
        if (method === 'POST' && url?.includes('uploads=')) controller.abort(enough);
        return undefined;
      });
      const content = Buffer.alloc(11 * mebibyte, 'x');
      const options = { partSize: 5 * mebibyte };
      const putting = put(behind, bucket, 'new', content, options, controller.signal);
      await expect(putting).rejects.toBe(enough);
      expect(door.requests.map(({ line }) => line.replace(/ .*\?(\w+)=.*/, ' $1'))).toEqual([
        'POST uploads',
        'DELETE uploadId',
        'GET uploadId',
      ]);
      await nothingLeft('new');
    });

    it.each([
      ['in one piece', 3],
      ['in parts', 12 * mebibyte],
    ])('stops waiting for a source that says nothing, %s', async (_, size) => {
      const source = new PassThrough();
      source.write(Buffer.alloc(size - 1));
      const known = { size, sha256: sha256(Buffer.alloc(size)), partSize: 5 * mebibyte };
      const putting = behind.put(bucket, 'new', source, known, controller.signal);
      const refused = expect(putting).rejects.toBe(enough);
      await vi.waitUntil(() => source.readableLength === 0);
      controller.abort(enough);
      await refused;
      expect(source.destroyed).toBe(true);
      await nothingLeft('new');
    });

    it('of one call leaves the others alone', async () => {
      const held = hold(/^HEAD/);
      const refused = expect(behind.stat(bucket, 'kept', controller.signal)).rejects.toBe(enough);
      await held.arrived();
      const reading = read(behind, bucket, 'kept');
      controller.abort(enough);
      await refused;
      expect((await reading)?.length).toBe(4 * mebibyte);
    });
  });
}
