import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyDigest } from '../../../src/adapters/objects/body-digest.ts';
import type { ObjectStore, PutOptions } from '../../../src/adapters/objects/objects.ts';
import { createRequests, defaultPatience } from '../../../src/adapters/objects/requests.ts';
import { rehearseSet } from '../../../src/backup/rehearse.ts';
import { all, put, servers } from '../../adapters/objects/servers.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, storeSettings } from '../../systems/buckets.ts';
import { faultProxy } from '../../systems/fault-proxy.ts';
import { createOf, opened, restoreInto } from './bucket-sets.ts';
import { awsOf, bench, never } from './support.ts';

const bed = await systems('minio', 'versitygw');
const hourMs = 3_600_000;
const lock =
  '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>3</Days></DefaultRetention></Rule></ObjectLockConfiguration>';

const configuration = (bucket: string) => `version: 1
environments: { test: { buckets: [files] } }
buckets: { files: { endpoint: "env:AWS_ENDPOINT_URL", bucket: ${bucket}, versions: all } }
repository: { url: "file:repository" }
`;

for (const { server, variable } of servers) {
  describe.skipIf(!bed)(`object lock of ${server}`, () => {
    const url = () => bed?.(variable) ?? '';
    let store: ObjectStore;
    beforeAll(async () => {
      if (bed) store = await openStore(url());
    });
    afterAll(() => store?.close());

    it('comes back with its default, and with what protects each version', async () => {
      await using at = await bench(awsOf(url()));
      await using bucket = await lockedBucket(url());
      const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + hourMs);
      const soon = new Date(Math.ceil(Date.now() / 1000) * 1000 + 2000);
      const objects: Readonly<Record<string, Partial<PutOptions>>> = {
        free: {},
        held: { legalHold: true },
        kept: { retention: { mode: 'governance', until } },
        over: { retention: { mode: 'governance', until: soon } },
        strict: { retention: { mode: 'compliance', until: soon }, legalHold: true },
      };
      for (const [key, options] of Object.entries(objects)) {
        await put(store, bucket.name, key, `of ${key}`, options);
      }
      await store.setBucketDocument(bucket.name, 'lock', lock, never);
      const set = await createOf(at, bucket.name, { versions: true });
      while (Date.now() <= soon.getTime()) await store.bucketExists(bucket.name, never);

      await using target = await lockedBucket(url(), { isMade: false });
      const outcome = await restoreInto(at, set, target.name);
      expect(outcome).toMatchObject({ verdict: 'good', differences: [], lacking: [] });
      expect(outcome.notes).toEqual([
        {
          what: 'the retention of 2 versions of files',
          why: 'it is over, and a store takes none that is',
        },
      ]);
      expect(await store.objectLock(target.name, never)).toEqual({
        enabled: true,
        defaultRetention: { mode: 'governance', days: 3 },
      });
      const found: Record<string, unknown> = {};
      for (const { key, versionId } of (await all(
        await store.listVersions(target.name, '', never),
      )) ?? []) {
        found[key] = await store.protection(target.name, key, versionId, never);
      }
      expect(found).toEqual({
        free: { legalHold: false },
        held: { legalHold: true },
        kept: { legalHold: false, retention: { mode: 'governance', until } },
        over: { legalHold: false },
        strict: { legalHold: true },
      });

      await using another = await lockedBucket(url(), { isMade: false });
      await writeFile(join(at.folder, 'deploycheck.yaml'), configuration(bucket.name));
      const said = await deploycheck(
        ['restore', 'last', '--yes', '--bucket', `files=${another.name}`],
        { cwd: at.folder, env: awsOf(url()) },
      );
      expect([said.exitCode, said.stderr]).toEqual([
        0,
        expect.stringContaining(
          '\nnot restored: the retention of 2 versions of files: it is over, and a store takes none that is\n',
        ),
      ]);
    });

    it('is rehearsed without what would keep the scratch from going', async () => {
      await using at = await bench(awsOf(url()));
      await using bucket = await lockedBucket(url());
      const until = new Date(Date.now() + hourMs);
      const retention = { mode: 'governance', until } as const;
      await put(store, bucket.name, 'kept', 'kept', { retention, legalHold: true });
      await store.setBucketDocument(bucket.name, 'lock', lock, never);
      const set = await createOf(at, bucket.name, { versions: true });
      // The scope of the rehearsal ends with an error where its bucket cannot be removed.
      const outcome = await opened(at, set, async (of, repository, use) => {
        if (!of.manifest) throw new Error(of.problem);
        const stage = { server: null, stores: new Map([['files', { endpoint: '' }]]) };
        return (await rehearseSet(of, stage, repository, use)).rehearsal;
      });
      expect(outcome).toMatchObject({ verdict: 'good', differences: [], lacking: [], notes: [] });
    });

    // The other server takes a lock for any bucket that has versions.
    it.runIf(server === 'MinIO')(
      'that a bucket cannot have is named, and so is an encryption',
      async () => {
        await using at = await bench(awsOf(url()));
        await using bucket = await lockedBucket(url());
        await put(store, bucket.name, 'key', 'content');
        await store.setBucketDocument(bucket.name, 'lock', lock, never);
        // What a store with keys of its own would say of the bucket.
        await using proxy = await faultProxy(new URL(url()).host, ({ url: path }) =>
          path?.includes('?encryption') ? { answer: 200, body: encryption } : undefined,
        );
        const endpoint = `http://${proxy.address}`;
        const set = await createOf(at, bucket.name, { versions: true, endpoint });
        // It was made before, and without a lock.
        await using target = await createBucket(url(), 'plain');
        const outcome = await restoreInto(at, set, target.name);
        expect(outcome.verdict).toBe('could-not-check');
        expect(outcome.differences).toEqual([]);
        const named = outcome.lacking.map(({ what }) => what.replace(bucket.name, 'B'));
        expect(named).toEqual([
          'the setting encryption of bucket B',
          'the setting lock of bucket B',
        ]);
      },
    );
  });
}

const encryption =
  '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>';

/** A bucket with object lock, or only its name, which is removed with all that holds are lifted from. */
async function lockedBucket(url: string, { isMade = true } = {}) {
  const bucket = await createBucket(url, 'locked', { objectLock: true });
  const store = await openStore(url);
  if (!isMade) await store.removeBucket(bucket.name, never);
  return {
    name: bucket.name,
    async [Symbol.asyncDispose]() {
      const requests = createRequests(await storeSettings(url), defaultPatience);
      for await (const { key, versionId, isDeleteMarker } of (await store.listVersions(
        bucket.name,
        '',
        never,
      )) ?? []) {
        if (isDeleteMarker) continue;
        const body = Buffer.from('<LegalHold><Status>OFF</Status></LegalHold>');
        const query = { 'legal-hold': '', versionId };
        const of = { bucket: bucket.name, key, query, body, headers: bodyDigest(body) };
        await requests.ask({ method: 'PUT', ...of }, never);
      }
      requests.close();
      store.close();
      await bucket[Symbol.asyncDispose]();
    },
  };
}
