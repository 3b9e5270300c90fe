import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readListing } from '../../../src/backup/bucket/listing.ts';
import { createSet } from '../../../src/backup/create.ts';
import { listSets } from '../../../src/backup/set/list.ts';
import { fileAt } from '../../../src/backup/set/manifest.ts';
import { namedSet } from '../../../src/backup/set/sets.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { sha256Hex } from '../../../src/core/digest.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, type FaultProxy, faultProxy, first } from '../../systems/fault-proxy.ts';
import { type Fixture, fixture, putObject } from './fixture.ts';
import { never, sourceOf, unique } from './support.ts';

const bed = await systems('postgres', 'minio');

const s3Error = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>made up</Message></Error>`;
const busy = (answer: number, code: string, headers: Record<string, string> = {}): Act => ({
  answer,
  headers,
  body: s3Error(code),
});

/** What passes: the backup tries again, and is whole. */
const passing: readonly (readonly [string, number, Act, RegExp])[] = [
  ['503 SlowDown', 2, busy(503, 'SlowDown'), /^PUT/],
  ['503 SlowDown with Retry-After', 2, busy(503, 'SlowDown', { 'retry-after': '0' }), /^PUT/],
  ['429', 2, busy(429, 'TooManyRequests', { 'retry-after': '0' }), /^PUT/],
  ['500 to a listing', 2, busy(500, 'InternalError'), /list-type/],
  ['503 to a reading', 2, busy(503, 'SlowDown'), /^GET .*invoices/],
  ['a connection that is reset', 2, 'reset', /^PUT/],
  ['a slow answer', 3, { slow: { bytes: 100, everyMs: 20 } }, /^GET/],
  [
    'an error in a good answer',
    1,
    { answer: 200, body: s3Error('InternalError') },
    /^POST.*uploadId=/,
  ],
];

const always = Number.POSITIVE_INFINITY;

/** What does not pass: a fault, and no set. */
const lasting: readonly (readonly [string, Act, RegExp, RegExp])[] = [
  [
    '503 SlowDown',
    busy(503, 'SlowDown', { 'retry-after': '0' }),
    /^PUT .*database\.dump/,
    /failed/,
  ],
  [
    '503 to the manifest',
    busy(503, 'SlowDown', { 'retry-after': '0' }),
    /^PUT .*manifest\.json/,
    /failed/,
  ],
  ['a Retry-After of a day', busy(503, 'SlowDown', { 'retry-after': '86400' }), /^PUT/, /failed/],
  ['403', busy(403, 'AccessDenied'), /^PUT .*SHA256SUMS/, /denied/],
  ['connections that are reset', 'reset', /^PUT .*schema/, /unreachable/],
  [
    'an error in a good answer',
    { answer: 200, body: s3Error('AccessDenied') },
    /^POST.*uploadId=/,
    /denied/,
  ],
  ['an object that is cut short', { truncateAt: 4 }, /^GET .*packed/, /failed|unreachable/],
];

describe.skipIf(!bed)('a backup over a wire that fails', () => {
  let shop: Fixture;
  let before: string;
  let wire: FaultProxy;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'DEPLOYCHECK_TEST_S3');
    before = await shop.create();
    wire = await faultProxy(new URL(bed('DEPLOYCHECK_TEST_S3')).host);
  });
  afterAll(async () => {
    await wire?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });

  /** Both the bucket and the repository are behind the wire. */
  const create = async () => {
    // An upload in parts, and an object that is read again.
    const large = Buffer.alloc(18 * 1024 * 1024, unique('large'));
    await putObject(shop.store, shop.bucket.name, { key: 'large', content: large });
    const packed = Buffer.from(unique('packed'));
    await putObject(shop.store, shop.bucket.name, { key: 'packed.json', content: packed });
    const endpoint = `http://${wire.address}`;
    const place = { url: shop.place.url.replace(/http:\/\/[^/]+/, endpoint) };
    const buckets = shop.buckets.map((bucket) => ({ ...bucket, ref: { ...bucket.ref, endpoint } }));
    return shop.bench.run(
      async (own) => (await createSet(sourceOf(buckets), place, own)).manifest.set,
    );
  };
  const sets = () =>
    shop.bench.run(async (own) => {
      const repository = await openRepository(shop.place, own);
      await own.scope.defer('repository', () => repository.close());
      return listSets(repository, own.clock, never);
    });
  const manifestOf = (set: string) =>
    shop.open(set, async ({ manifest }) => {
      if (!manifest) throw new Error('no manifest');
      return manifest;
    });
  const lineOf = (set: string, key: string) =>
    shop.open(set, async ({ manifest }, repository) => {
      const [bucket] = manifest?.buckets ?? [];
      if (!manifest || !bucket) throw new Error('no bucket');
      const file = fileAt(manifest, bucket.listing);
      for await (const line of readListing(repository, set, file, never)) {
        if (line.key === key) return line;
      }
      throw new Error(`no ${key}`);
    });
  const readBucket = async (key: string) => {
    const object = await shop.store.get(shop.bucket.name, key, {}, never);
    if (!object) throw new Error(`no ${key}`);
    return buffer(object.body);
  };
  const uploads = async () => {
    const bucket = new URL(shop.place.url.slice('s3:'.length)).pathname.split('/')[1] ?? '';
    const found: string[] = [];
    for await (const { key } of (await shop.store.listUploads(bucket, '', never)) ?? []) {
      found.push(key);
    }
    return found;
  };

  it.each(passing)('is whole after %s', async (_, count, act, which) => {
    const acts = wire.acts();
    wire.play(first(count, act, which));
    const set = await create();
    expect(wire.acts() - acts).toBe(count);
    expect(await shop.verify(set)).toMatchObject({ verdict: 'good', problems: [] });
    expect(await uploads()).toEqual([]);
  });

  it.each(lasting)('is none after %s, and older sets stay', async (_, act, which, code) => {
    const [acts, had] = [wire.acts(), (await sets()).map(({ set }) => set)];
    wire.play(first(always, act, which));
    await expect(create()).rejects.toMatchObject({
      code: expect.stringMatching(code),
      message: expect.stringMatching(/\w/),
    });
    expect(wire.acts()).toBeGreaterThan(acts);
    expect((await sets()).map(({ set }) => set)).toEqual(had);
    expect(await uploads()).toEqual([]);
    wire.play(() => undefined);
    expect(await shop.verify(before)).toMatchObject({ verdict: 'good' });
    expect(await shop.verify(await create())).toMatchObject({ verdict: 'good' });
  });

  it('reads again what was altered on its way from the bucket', async () => {
    const acts = wire.acts();
    wire.play(first(1, { alterAt: 4 }, /^GET .*packed/));
    const set = await create();
    expect(wire.acts() - acts).toBe(1);
    const found = await manifestOf(set);
    expect(found.buckets[0]).toMatchObject({ etags: { proven: expect.any(Number), other: 0 } });
    expect(found.buckets[0]?.etags?.proven).toBeGreaterThan(4);
    expect(await shop.rehearse(set)).toMatchObject({ differences: [], damage: [] });
    const { object } = await lineOf(set, 'packed.json');
    expect(object).toContain(sha256Hex(await readBucket('packed.json')));
  });

  it('tells of content that is never what its ETag says', async () => {
    wire.play(first(always, { alterAt: 4 }, /^GET .*packed/));
    const set = await create();
    wire.play(() => undefined);
    expect(await lineOf(set, 'packed.json')).toMatchObject({ etagProves: false });
    const { missing } = await manifestOf(set);
    expect(missing).toContainEqual({
      what: 'proof that 1 objects of invoices are what was once sent there',
      why: expect.stringContaining('etagProves in the listing'),
    });
  });

  it('is none when other bytes come each time', async () => {
    let at = 0;
    wire.play(({ method, url }) =>
      method === 'GET' && url?.includes('packed') ? { alterAt: at++ } : undefined,
    );
    await expect(create()).rejects.toMatchObject({
      code: 'objects-failed',
      message: expect.stringContaining('packed.json: other bytes came each of 4 times'),
    });
    wire.play(() => undefined);
  });

  it('is found cut or altered where its files are so on their way back', async () => {
    const endpoint = `http://${wire.address}`;
    const place = { url: shop.place.url.replace(/http:\/\/[^/]+/, endpoint) };
    const verify = () =>
      shop.bench.run(async (own) => {
        const repository = await openRepository(place, own);
        await own.scope.defer('repository', () => repository.close());
        return verifySet(await namedSet(repository, before, never), repository, own);
      });
    wire.play(first(always, { alterAt: 20 }, /^GET .*database\.dump/));
    expect(await verify()).toMatchObject({
      verdict: 'bad',
      problems: [{ path: expect.stringContaining('database.dump') }],
    });
    wire.play(first(always, { truncateAt: 20 }, /^GET .*database\.dump/));
    // What did not come was not looked at: that is no damage.
    await expect(verify()).rejects.toMatchObject({ code: expect.stringMatching(/^objects-/) });
    wire.play(() => undefined);
    expect(await verify()).toMatchObject({ verdict: 'good' });
  });
});
