import { bucketDocuments } from './bucket-documents.ts';
import { buckets } from './buckets.ts';
import { downloads } from './download.ts';
import { listings } from './listing.ts';
import type { ObjectStore, ObjectStoreSettings, ObjectStores } from './objects.ts';
import { isAbsent } from './problem.ts';
import { protections } from './protection.ts';
import { removals } from './removal.ts';
import { createRequests, defaultPatience, type Patience } from './requests.ts';
import { objectStoreSettings, type Surroundings } from './settings.ts';
import { tagging } from './tags.ts';
import { uploads } from './upload.ts';

/** Object stores by the S3 protocol. */
export function createObjectStores(surroundings: Surroundings): ObjectStores {
  return {
    settings: (source) => objectStoreSettings(source, surroundings),
    open: (settings) => openObjects(settings),
  };
}

/** @param patience how often and how long to try, where it is not the usual */
export function openObjects(
  settings: ObjectStoreSettings,
  patience: Partial<Patience> = {},
): ObjectStore {
  const full = { ...defaultPatience, ...patience };
  const requests = createRequests(settings, full);
  return {
    ...listings(requests),
    ...downloads(requests, full.idleMs),
    ...uploads(requests),
    ...removals(requests),
    ...buckets(requests, settings),
    ...bucketDocuments(requests),
    ...tagging(requests),
    ...protections(requests),
    async abortUpload(bucket, { key, uploadId }, signal) {
      const outgoing = { method: 'DELETE', bucket, key, query: { uploadId } } as const;
      const answer = await requests.ask(outgoing, signal);
      if (answer.status !== 204 && !isAbsent(answer)) throw requests.fault(outgoing, answer);
    },
    close: requests.close,
  };
}
