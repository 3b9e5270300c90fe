import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, ObjectVersion } from '../../../src/adapters/objects/objects.ts';
import { markerKey } from '../../../src/backup/bucket/scratch-bucket.ts';
import { createSet } from '../../../src/backup/create.ts';
import { rehearseSet } from '../../../src/backup/rehearse.ts';
import { restoreSet } from '../../../src/backup/restore/restore.ts';
import { restoreMarker } from '../../../src/backup/restore/target.ts';
import { forEachObject } from '../../../src/backup/retention/objects-of.ts';
import type { Manifest } from '../../../src/backup/set/manifest.ts';
import { namedSet } from '../../../src/backup/set/sets.ts';
import { openRepository } from '../../../src/backup/sources.ts';
import type { BackupSystems } from '../../../src/backup/systems.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { all, put } from '../../adapters/objects/servers.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, type TestBucket } from '../../systems/buckets.ts';
import { awsOf, type Bench, bench, never, newKeyPair } from './support.ts';

const bed = await systems('minio', 'versitygw');

const ways = [
  { server: 'MinIO', store: 'DEPLOYCHECK_TEST_S3', encrypted: false },
  { server: 'MinIO', store: 'DEPLOYCHECK_TEST_S3', encrypted: true },
  { server: 'versitygw', store: 'DEPLOYCHECK_TEST_S3_SECOND', encrypted: false },
] as const;

for (const { server, store: variable, encrypted } of ways) {
  describe.skipIf(!bed)(
    `the versions of a bucket of ${server}${encrypted ? ', encrypted' : ''}`,
    () => {
      let at: Bench;
      let store: ObjectStore;
      let bucket: TestBucket;
      const stack = new AsyncDisposableStack();
      const keys = newKeyPair();
      // It makes no delete marker where there is one already.
      const isMinio = server === 'MinIO';
      // Nor does the other one tell when a marker came that is as old as a version.
      const equal = {
        ...(isMinio && { verdict: 'good', lacking: [] }),
        differences: [],
        damage: [],
      };
      const seen = (found: Awaited<ReturnType<typeof sequences>>) =>
        isMinio
          ? found
          : Object.values(found).map((contents) => contents.filter((text) => text !== 'marker'));
      const url = () => bed?.(variable) ?? '';
      const place = () => ({
        url: `file:${join(at.folder, 'repository')}`,
        ...(encrypted && {
          identity: join(at.folder, 'identity.txt'),
          encryption: { recipients: [keys.recipient] },
        }),
      });

      beforeAll(async () => {
        if (!bed) return;
        at = stack.use(await bench(awsOf(url())));
        await writeFile(join(at.folder, 'identity.txt'), `${keys.identity}\n`, { mode: 0o600 });
        store = await openStore(url());
        stack.defer(() => store.close());
        bucket = stack.use(await createBucket(url(), 'versions'));
        await fill(store, bucket.name);
      });
      afterAll(() => stack.disposeAsync());

      const create = () =>
        at.run(async (use) => {
          const ref = { endpoint: '', bucket: bucket.name };
          const source = {
            name: 'files',
            ref,
            prefix: '',
            references: [],
            tags: true,
            versions: true,
          };
          const from = { environment: 'test', database: null, buckets: [source] };
          return createSet(from, place(), use);
        });
      const open = <T>(set: string, work: (...set: Opened) => Promise<T>): Promise<T> =>
        at.run(async (use) => {
          const repository = await openRepository(place(), use);
          await use.scope.defer('repository', () => repository.close());
          return work(await namedSet(repository, set, never), repository, use);
        });
      const restoreInto = (set: string, name: string) =>
        open(set, async (opened, repository, use) => {
          if (!opened.manifest) throw new Error(opened.problem);
          const target = {
            database: null,
            replace: false,
            buckets: [{ of: 'files', name, place: { endpoint: '' } }],
          };
          return (await restoreSet(opened, target, repository, use)).outcome;
        });

      it('are in the set, each content once, and are verified', async () => {
        const { manifest } = await create();
        const [part] = manifest.buckets;
        expect(manifest.formatVersion).toBe(2);
        expect(part).toMatchObject({
          objects: 3,
          versions: { count: 8, markers: isMinio ? 3 : 4, unread: 0 },
        });
        const named = manifest.missing.map(({ what }) => what);
        expect(named).toContain('ids and times of the versions of files');
        // versitygw lists all delete markers of a page first, with times of other precision.
        expect(named.some((what) => /order of versions/.test(what))).toBe(!isMinio);
        const verified = await open(manifest.set, verifySet);
        // What a prune of other sets leaves alone.
        const counted = new Set<string>();
        const problem = await open(manifest.set, (_, repository) =>
          forEachObject(repository, manifest, (key) => counted.add(key), never),
        );
        expect([problem, counted.size]).toEqual([undefined, 7]);
        // Of eight versions two have the same content.
        expect(verified).toMatchObject({ verdict: 'good', problems: [], objects: 7 });
      });

      it('come back in their order, with delete markers, and compare equal', async () => {
        const { manifest } = await create();
        await using target = await createBucket(url(), 'restored');
        const outcome = await restoreInto(manifest.set, target.name);
        expect(outcome).toMatchObject(equal);
        const found = await sequences(store, target.name);
        expect(seen(found)).toEqual(seen(await sequences(store, bucket.name)));
        if (isMinio) expect(found).toEqual(expectedSequences);
        expect(await store.versioning(target.name, never)).toBe('suspended');
        const rehearsed = await open(manifest.set, async (opened, repository, use) => {
          if (!opened.manifest) throw new Error(opened.problem);
          const stage = { server: null, stores: new Map([['files', { endpoint: '' }]]) };
          return (await rehearseSet(opened, stage, repository, use)).rehearsal;
        });
        expect(rehearsed).toMatchObject(equal);
      });

      it('are not read again where they have not changed', async () => {
        // Versions have to be older than a run that may count on what it saw.
        for (const began = Date.now(); Date.now() - began < 3100; ) {
          await store.bucketExists(bucket.name, never);
        }
        await create();
        // A server that moves what is not current any more gives that another time.
        await put(store, bucket.name, isMinio ? 'kept' : 'newcomer', 'now the current one');
        const again = await create();
        const count = again.manifest.buckets[0]?.versions?.count ?? 0;
        // The bucket is suspended: the null version is another one, all else is as it was.
        expect(again.manifest.buckets[0]).toMatchObject({ versions: { unread: count - 1 } });
        const verified = await open(again.manifest.set, verifySet);
        expect(verified).toMatchObject({ verdict: 'good', problems: [] });
        await using target = await createBucket(url(), 'again');
        expect(await restoreInto(again.manifest.set, target.name)).toMatchObject(equal);
        expect(seen(await sequences(store, target.name))).toEqual(
          seen(await sequences(store, bucket.name)),
        );
      });

      it('are not made twice by a restore that is taken up again', async () => {
        const { manifest } = await create();
        await using target = await createBucket(url(), 'resumed');
        await put(store, target.name, markerKey, restoreMarker(manifest.set));
        await store.setVersioning(target.name, 'enabled', never);
        await put(store, target.name, 'gone', 'gone');
        await store.remove(target.name, 'gone', {}, never);
        const outcome = await restoreInto(manifest.set, target.name);
        expect(outcome).toMatchObject(equal);
        expect(seen(await sequences(store, target.name))).toEqual(
          seen(await sequences(store, bucket.name)),
        );
      });

      it('that are other ones are told, and so is what a repository lost of them', async () => {
        const { manifest } = await create();
        await using target = await createBucket(url(), 'other');
        await put(store, target.name, markerKey, restoreMarker(manifest.set));
        await store.setVersioning(target.name, 'enabled', never);
        await put(store, target.name, 'gone', 'another content');
        await put(store, target.name, 'extra', 'in no set');
        const outcome = await restoreInto(manifest.set, target.name);
        expect(outcome.verdict).toBe('bad');
        const told = outcome.differences.map(({ what, name }) => `${what} of ${name}`);
        expect(told).toEqual([
          'object content of files: gone',
          'object metadata of files: gone',
          'versions of objects of files',
        ]);

        if (encrypted) return;
        const repository = join(at.folder, 'repository');
        const sums = await namedObjects(repository, manifest);
        const current = new Set(sums.current);
        const earlier = sums.versions.find((path) => !current.has(path)) ?? 'none';
        await rename(join(repository, earlier), join(at.folder, 'lost'));
        expect(await open(manifest.set, verifySet)).toMatchObject({
          verdict: 'bad',
          problems: [{ path: earlier, problem: 'it is missing' }],
        });
        await using without = await createBucket(url(), 'without');
        expect(await restoreInto(manifest.set, without.name)).toMatchObject({
          verdict: 'bad',
          damage: [{ path: earlier, problem: 'it is missing' }],
        });
        await rename(join(at.folder, 'lost'), join(repository, earlier));
      });
    },
  );
}

type Opened = [
  Awaited<ReturnType<typeof namedSet>>,
  Awaited<ReturnType<typeof openRepository>>,
  BackupSystems,
];

const oddKey = `é e\u0301 a+b%2F&<>"'🚀`;

/** Content and description of each version, oldest first; what is above is what a restore has to make. */
const expectedSequences = {
  [oddKey]: ['first {"n":"1"} {}', 'marker', 'again {"n":"2"} {"team":"a + b"}'],
  gone: ['gone {} {}', 'marker'],
  kept: ['before versioning {} {}', 'two {} {}', 'marker', 'two {} {}', 'three {} {}'],
  'kept.txt': ['beside {} {}'],
};

/** Waits until a store that counts in seconds gives another time. */
async function fill(store: ObjectStore, bucket: string): Promise<void> {
  await put(store, bucket, 'kept', 'before versioning');
  await store.setVersioning(bucket, 'enabled', never);
  await put(store, bucket, oddKey, 'first', { metadata: { n: '1' } });
  await store.remove(bucket, oddKey, {}, never);
  await put(store, bucket, 'kept', 'two');
  await store.remove(bucket, 'kept', {}, never);
  await put(store, bucket, 'kept', 'two');
  await put(store, bucket, 'kept', 'three');
  await put(store, bucket, oddKey, 'again', {
    metadata: { n: '2' },
    contentType: 'text/plain',
    contentEncoding: 'gzip',
  });
  await store.setTags(bucket, oddKey, { team: 'a + b' }, never);
  await put(store, bucket, 'gone', 'gone');
  await store.remove(bucket, 'gone', {}, never);
  await store.remove(bucket, 'gone', {}, never);
  await put(store, bucket, 'kept.txt', 'beside');
  await store.setVersioning(bucket, 'suspended', never);
}

/** Paths of objects in the repository, as the sums of a set name them. */
async function namedObjects(repository: string, { set, buckets }: Manifest) {
  const listed = async (path = '') => {
    const stored = await readFile(join(repository, 'sets', set, path));
    return zstdDecompressSync(stored)
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.slice(66));
  };
  const [part] = buckets;
  return { current: await listed(part?.sums), versions: await listed(part?.versions?.sums) };
}

async function sequences(store: ObjectStore, bucket: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const describe = async ({ key, versionId, isDeleteMarker, isLatest }: ObjectVersion) => {
    if (isDeleteMarker) return 'marker';
    const object = await store.get(bucket, key, { versionId }, never);
    const content = Buffer.concat((await object?.body.toArray()) ?? []);
    const { sha256: _, ...metadata } = object?.metadata ?? {};
    const tags = await store.tags(bucket, key, never, isLatest ? undefined : versionId);
    return `${content} ${JSON.stringify(metadata)} ${JSON.stringify(tags)}`;
  };
  for (const version of (await all(await store.listVersions(bucket, '', never))) ?? []) {
    found[version.key] = [await describe(version), ...(found[version.key] ?? [])];
  }
  return found;
}
