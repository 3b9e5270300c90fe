import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { sha256Hex } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Created } from '../database/scratch-database.ts';
import { type BucketRef, openStore } from '../sources.ts';
import type { BackupAdapters, BackupSystems } from '../systems.ts';
import { type BucketForm, makeBucket } from './make-bucket.ts';
import { lockWithoutRetention } from './protection-documents.ts';

const namePattern = /^deploycheck-scratch-[0-9a-f]{16}$/;

/** In every scratch bucket: says whose it is. */
export const markerKey = 'deploycheck-scratch-marker';

const refSchema = z.object({
  endpoint: z.string(),
  credentials: z.object({ accessKey: z.string(), secretKey: z.string() }).optional(),
  name: z.string().regex(namePattern),
  marker: z.string(),
});

/** A bucket under a random name, with an object that says whose it is. It goes with the scope. */
export async function createScratchBucket(
  store: ObjectStore,
  { endpoint, credentials }: Pick<BucketRef, 'endpoint' | 'credentials'>,
  form: BucketForm,
  systems: BackupSystems,
): Promise<Created<string>> {
  const { signal, scope, adapters, env } = systems;
  const name = `deploycheck-scratch-${randomBytes(8).toString('hex')}`;
  const marker = randomBytes(16).toString('hex');
  const ref = JSON.stringify({
    endpoint,
    ...(credentials && { credentials }),
    name,
    marker,
  } satisfies z.infer<typeof refSchema>);
  await scope.defer(
    `scratch bucket ${name}`,
    (fresh) => removeScratchBucket(ref, adapters, fresh, env),
    { deadlineMs: 120_000, leftover: { kind: 'scratch-bucket', ref } },
  );
  try {
    await makeBucket(store, name, form, signal);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'objects-denied') throw error;
    return { ok: false, lacking: { what: 'a scratch bucket', why: error.message } };
  }
  const content = Buffer.from(marker);
  const options = { size: content.length, sha256: sha256Hex(content) };
  await store.put(name, markerKey, yielding(content), options, signal);
  return { ok: true, value: name };
}

/**
 * Undoes a leftover of kind `scratch-bucket`.
 * @throws Error when the bucket has not our marker and is not empty; Fault `objects-*`
 */
export async function removeScratchBucket(
  ref: string,
  adapters: Pick<BackupAdapters, 'objects'>,
  signal: AbortSignal,
  env: BackupSystems['env'] = process.env,
): Promise<void> {
  const { name, marker, ...place } = refSchema.parse(JSON.parse(ref));
  const { store } = await openStore(place, { adapters, env });
  try {
    if (!(await store.bucketExists(name, signal))) return;
    const object = await store.get(name, markerKey, {}, signal);
    if (object) {
      const found = Buffer.concat(await object.body.toArray()).toString('utf8');
      if (found !== marker) throw new Error(`${name} has the marker of somebody else`);
    }
    // Some servers hold a retention against what was there before it.
    if ((await store.objectLock(name, signal))?.defaultRetention) {
      await store.setBucketDocument(name, 'lock', lockWithoutRetention, signal);
    }
    for await (const upload of (await store.listUploads(name, '', signal)) ?? []) {
      await store.abortUpload(name, upload, signal);
    }
    const keys: { key: string }[] = [];
    for await (const { key } of (await store.list(name, '', signal)) ?? []) {
      if (!object) throw new Error(`${name} holds objects and no marker of ours`);
      // Last, so that a clean-up that breaks off can be taken up again.
      if (key !== markerKey) keys.push({ key });
    }
    await store.removeMany(name, keys, {}, signal);
    await store.remove(name, markerKey, {}, signal);
    // Where the settings of the source made it keep versions.
    const versions: { key: string; versionId: string }[] = [];
    for await (const { key, versionId } of (await store.listVersions(name, '', signal)) ?? []) {
      versions.push({ key, versionId });
    }
    await store.removeMany(name, versions, {}, signal);
    const removal = await store.removeBucket(name, signal);
    if (removal === 'not-empty') throw new Error(`${name} could not be emptied`);
  } finally {
    store.close();
  }
}

async function* yielding(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
