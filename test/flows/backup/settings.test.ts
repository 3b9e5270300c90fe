import { AssumeRoleProvider } from 'minio/dist/esm/AssumeRoleProvider.mjs';
import { describe, expect, it } from 'vitest';
import { put } from '../../adapters/objects/servers.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore } from '../../systems/buckets.ts';
import { createOf, opened, restoreInto } from './bucket-sets.ts';
import { bucketDocuments } from './fixture.ts';
import { adaptersWith, awsOf, type Bench, bench, never } from './support.ts';

const bed = await systems('minio');

/** What keys need to back a bucket up. To read its settings is not among it. */
const actions = ['ListBucket', 'GetBucketLocation', 'GetObject'];
const settings = ['versioning', 'policy', 'lifecycle', 'cors', 'tags', 'encryption', 'lock'];

describe.skipIf(!bed)('settings of a bucket that keys may not read', () => {
  const url = () => bed?.('DEPLOYCHECK_TEST_S3') ?? '';

  it('are named in the set, and no other setting is a difference from them', async () => {
    await using bucket = await createBucket(url(), 'denied');
    await using target = await createBucket(url(), 'denied');
    const store = await openStore(url());
    await put(store, bucket.name, 'key', 'content');
    const { policy } = bucketDocuments(target.name);
    await store.setBucketDocument(target.name, 'policy', policy, never);
    store.close();

    await using limited = await bench(await limitedKeys(url(), actions));
    const set = await createOf(limited, bucket.name);
    expect(await namedOf(limited, set)).toEqual(
      settings.map((name) => ({
        what: `the setting ${name} of bucket files`,
        why: 'the store does not let these keys read it',
      })),
    );
    const outcome = await restoreInto(limited, set, target.name, {
      adapters: adaptersWith(awsOf(url())),
    });
    expect(outcome).toMatchObject({ verdict: 'good', differences: [], lacking: [] });
  });

  it('are missing in no set of keys that may', async () => {
    await using bucket = await createBucket(url(), 'allowed');
    await using at = await bench(await limitedKeys(url(), [...actions, 'GetBucketPolicy']));
    const named = await namedOf(at, await createOf(at, bucket.name));
    expect(named?.map(({ what }) => what.split(' ')[2])).toEqual(
      settings.filter((name) => name !== 'policy'),
    );
    await using all = await bench(awsOf(url()));
    expect(await namedOf(all, await createOf(all, bucket.name))).toEqual([]);
  });
});

async function namedOf(at: Bench, set: string) {
  const missing = await opened(at, set, async ({ manifest }) => manifest?.missing);
  return missing?.filter(({ what }) => what.startsWith('the setting '));
}

/** Variables with keys of the store that may do so much and no more. */
async function limitedKeys(url: string, allowed: readonly string[]) {
  const { AWS_ACCESS_KEY_ID: accessKey = '', AWS_SECRET_ACCESS_KEY: secretKey = '' } = awsOf(url);
  const Action = allowed.map((name) => `s3:${name}`);
  const Statement = [{ Effect: 'Allow', Action, Resource: ['arn:aws:s3:::*'] }];
  const policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const stsEndpoint = new URL(url).origin;
  const provider = new AssumeRoleProvider({ stsEndpoint, accessKey, secretKey, policy });
  const keys = await provider.getCredentials();
  return {
    ...awsOf(url),
    AWS_ACCESS_KEY_ID: keys.getAccessKey(),
    AWS_SECRET_ACCESS_KEY: keys.getSecretKey(),
    AWS_SESSION_TOKEN: keys.getSessionToken() ?? '',
  };
}
