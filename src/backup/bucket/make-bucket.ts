import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';

/** What has to be chosen when a bucket is made. */
export interface BucketForm {
  readonly objectLock: boolean;
}

/**
 * Makes a bucket where there is none. A store without object lock gives one without: that is seen when
 * the settings are put on it, and named.
 * @throws Fault `objects-*`
 */
export async function makeBucket(
  store: ObjectStore,
  name: string,
  { objectLock }: BucketForm,
  signal: AbortSignal,
): Promise<void> {
  if (objectLock) {
    try {
      await store.makeBucket(name, { objectLock }, signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Fault) || error.code !== 'objects-failed') throw error;
    }
  }
  await store.makeBucket(name, {}, signal);
}
