import { randomBytes } from 'node:crypto';
import type { ObjectStore, ObjectStoreSettings } from '../../src/adapters/objects/objects.ts';
import { openObjects } from '../../src/adapters/objects/s3.ts';
import { objectStoreSettings } from '../../src/adapters/objects/settings.ts';

export interface TestBucket extends AsyncDisposable {
  readonly name: string;
}

/** @param url `http://KEY:SECRET@host:port` */
export function storeSettings(url: string): Promise<ObjectStoreSettings> {
  const { origin, username, password } = new URL(url);
  const keys = { accessKey: username, secretKey: password };
  const surroundings = { env: {}, register: () => undefined };
  return objectStoreSettings({ endpoint: origin, ...keys }, surroundings);
}

/** A store of the bed. @param url `http://KEY:SECRET@host:port` */
export async function openStore(url: string): Promise<ObjectStore> {
  return openObjects(await storeSettings(url));
}

/** An empty bucket of its own, removed with all versions, markers and unfinished uploads in it. */
export async function createBucket(
  url: string,
  prefix: string,
  options: { readonly objectLock?: boolean } = {},
): Promise<TestBucket> {
  const name = `${prefix}-${randomBytes(5).toString('hex')}`;
  const { signal } = new AbortController();
  const store = await openStore(url);
  await store.makeBucket(name, options, signal);
  return {
    name,
    async [Symbol.asyncDispose]() {
      for await (const upload of (await store.listUploads(name, '', signal)) ?? []) {
        await store.abortUpload(name, upload, signal);
      }
      const versions = (await store.listVersions(name, '', signal)) ?? [];
      const left = await store.removeMany(name, versions, { bypassGovernance: true }, signal);
      const removal = await store.removeBucket(name, signal);
      store.close();
      if (removal === 'not-empty') throw new Error(`bucket ${name} keeps ${JSON.stringify(left)}`);
    },
  };
}
