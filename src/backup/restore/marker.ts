import { Fault } from '../../core/fault.ts';
import { lockDocument, lockWithoutRetention } from '../bucket/protection-documents.ts';
import { markerKey } from '../bucket/scratch-bucket.ts';
import type { BucketTarget } from './bucket.ts';

/** Takes the object away that says which set a bucket is restored from, with its versions. */
export async function removeMarker(
  { store, bucket }: Pick<BucketTarget, 'store' | 'bucket'>,
  signal: AbortSignal,
): Promise<void> {
  const state = await store.versioning(bucket, signal);
  if (state !== 'enabled' && state !== 'suspended') {
    await store.remove(bucket, markerKey, {}, signal);
    return;
  }
  const removeVersions = async () => {
    const versions = (await store.versionsOf(bucket, markerKey, signal)) ?? [];
    const [left] = await store.removeMany(bucket, versions, {}, signal);
    return left;
  };
  if (!(await removeVersions())) return;
  const lock = await store.bucketDocument(bucket, 'lock', signal);
  if (lock.outcome === 'found') {
    // Some servers hold a default retention against what was there before it.
    await store.setBucketDocument(bucket, 'lock', lockWithoutRetention, signal);
    const left = await removeVersions();
    await store.setBucketDocument(bucket, 'lock', lockDocument(lock.text), signal);
    if (!left) return;
  }
  const why = `its object ${markerKey} cannot be removed`;
  throw new Fault('objects-failed', `the bucket ${bucket} is restored, and ${why}`);
}
