import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { s3Error } from '../../adapters/objects/losing-proxy.ts';
import { all, put, read } from '../../adapters/objects/servers.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, type TestBucket } from '../../systems/buckets.ts';
import { type Act, faultProxy } from '../../systems/fault-proxy.ts';
import { createOf, opened, restoreInto } from './bucket-sets.ts';
import { fixture, oddObjects, putObject } from './fixture.ts';
import { awsOf, bench, never } from './support.ts';

const bed = await systems('postgres', 'minio');
const url = () => bed?.('DEPLOYCHECK_TEST_S3') ?? '';

/** What a page may be instead of the one asked for. */
const pages: Readonly<Record<string, Act>> = {
  'fails each time': { answer: 500, body: s3Error('InternalError') },
  'is refused': { answer: 403, body: s3Error('AccessDenied') },
  'is empty': { answer: 200, body: '' },
  'is no listing': { answer: 200, body: '<html><body>Sign in</body></html>' },
  'is cut': { truncateAt: 150 },
  'says that there is more, and not where': {
    ...{ answer: 200 },
    body: '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
  },
  'says that the bucket is gone': { answer: 404, body: s3Error('NoSuchBucket') },
};

describe.skipIf(!bed)('a listing', () => {
  let store: ObjectStore;
  let bucket: TestBucket;
  const stack = new AsyncDisposableStack();

  beforeAll(async () => {
    if (!bed) return;
    store = await openStore(url());
    stack.defer(() => store.close());
    bucket = stack.use(await createBucket(url(), 'pages'));
    const names = Array.from({ length: 1003 }, (_, at) => `key ${at}`);
    await Promise.all(names.map((key) => put(store, bucket.name, key, 'content')));
  });
  afterAll(() => stack.disposeAsync());

  describe.each([
    ['of current objects', false, /continuation-token=/, Object.keys(pages)],
    ['of versions', true, /key-marker=/, ['is no listing', 'is cut']],
  ])('%s', (_, versions, second, kinds) => {
    const some = Object.entries(pages).filter(([kind]) => kinds.includes(kind));
    it.each(some)('makes no set when its second page %s', async (_, act) => {
      await using at = await bench(awsOf(url()));
      await using proxy = await faultProxy(new URL(url()).host, (request) =>
        second.test(request.url ?? '') ? act : undefined,
      );
      const endpoint = `http://${proxy.address}`;
      await expect(createOf(at, bucket.name, { versions, endpoint })).rejects.toMatchObject({
        code: expect.stringMatching(/^objects-(?:failed|denied|unreachable)$/),
      });
      expect(proxy.acts()).toBeGreaterThan(0);
      const sets = await readdir(join(at.folder, 'repository', 'sets')).catch(() => []);
      for (const set of sets) {
        const files = await readdir(join(at.folder, 'repository', 'sets', set));
        expect(files).not.toContain('manifest.json');
      }
    });
  });

  it('that is short removes nothing, here or there', async () => {
    await using at = await bench(awsOf(url()));
    const whole = await createOf(at, bucket.name);
    const before = await objectsIn(at.folder);
    await using proxy = await faultProxy(new URL(url()).host, (request) =>
      /list-type=2/.test(request.url ?? '') ? { answer: 200, body: shortListing } : undefined,
    );
    const short = await createOf(at, bucket.name, { endpoint: `http://${proxy.address}` });
    const counts = await opened(at, short, async ({ manifest }) => manifest?.buckets[0]?.objects);
    expect(counts).toBe(1);
    expect(await objectsIn(at.folder)).toEqual(before);
    expect(await opened(at, whole, verifySet)).toMatchObject({ verdict: 'good', objects: 1 });
    expect((await all(await store.list(bucket.name, '', never)))?.length).toBe(1003);
  });

  it('that hides what a bucket holds does not let a restore write over it', async () => {
    await using at = await bench(awsOf(url()));
    await using source = await createBucket(url(), 'source');
    await put(store, source.name, 'kept', 'of the set');
    await put(store, source.name, 'other', 'of the set, too');
    const set = await createOf(at, source.name);
    await using target = await createBucket(url(), 'target');
    await put(store, target.name, 'kept', 'of somebody else', { metadata: { theirs: '1' } });
    await using proxy = await faultProxy(new URL(url()).host, (request) =>
      /list-type=2/.test(request.url ?? '') ? { answer: 200, body: emptyListing } : undefined,
    );
    const outcome = await restoreInto(at, set, target.name, {
      endpoint: `http://${proxy.address}`,
    });
    expect(outcome.verdict).toBe('bad');
    expect(outcome.differences.map(({ what, name }) => `${what} of ${name}`)).toEqual([
      'object content of files: kept',
      'object metadata of files: kept',
    ]);
    expect(String(await read(store, target.name, 'kept'))).toBe('of somebody else');
    expect(String(await read(store, target.name, 'other'))).toBe('of the set, too');
  });

  it('is no proof that an object is gone which a row names', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    // MinIO keeps an object below another one, and never lists it.
    const hidden = 'invoices/1.pdf/page 2';
    await putObject(shop.store, shop.bucket.name, { key: hidden, content: Buffer.from('two') });
    const listed = await all(await shop.store.list(shop.bucket.name, '', never));
    expect(listed?.map(({ key }) => key)).not.toContain(hidden);
    await shop.sql(
      `insert into orders values (8, '${hidden}'), (9, 'invoices/gone'), (10, 'no//key'), (11, '')`,
    );
    const set = await shop.create();
    const { manifest } = await shop.open(set, async (of) => of);
    expect(manifest?.buckets[0]?.objects).toBe(oddObjects.length + 1);
    expect(manifest?.references[0]).toMatchObject({
      ...{ keys: 6, dangling: 3 },
      examples: ['', 'invoices/gone', 'no//key'],
    });
    expect(await shop.rehearse(set)).toMatchObject({ verdict: 'good', differences: [] });
    await shop.store.remove(shop.bucket.name, hidden, {}, never);
  });
});

const emptyListing = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const shortListing = `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>key 1</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"9a0364b9e99bb480dd25e1f0284c8555"</ETag><Size>7</Size></Contents></ListBucketResult>`;

async function objectsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'repository', 'objects'), { recursive: true });
  return names.sort();
}
