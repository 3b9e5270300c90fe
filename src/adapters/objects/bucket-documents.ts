import { bodyDigest } from './body-digest.ts';
import type { BucketDocument, ObjectStore } from './objects.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';

/** How each document is asked for, and how a server says that there is none (S3 API reference). */
const documents = {
  policy: { query: 'policy', none: 'NoSuchBucketPolicy' },
  lifecycle: { query: 'lifecycle', none: 'NoSuchLifecycleConfiguration' },
  cors: { query: 'cors', none: 'NoSuchCORSConfiguration' },
  tags: { query: 'tagging', none: 'NoSuchTagSet' },
  encryption: { query: 'encryption', none: 'ServerSideEncryptionConfigurationNotFoundError' },
  lock: { query: 'object-lock', none: 'ObjectLockConfigurationNotFoundError' },
} as const satisfies Record<BucketDocument, { readonly query: string; readonly none: string }>;

/** A server without the feature says so in one of these ways. */
const isUnsupported = ({ status, code }: Asked): boolean =>
  status === 501 || status === 405 || code === 'NotImplemented';

/** The settings of buckets, as the texts that the server keeps. */
export function bucketDocuments(
  requests: Requests,
): Pick<ObjectStore, 'bucketDocument' | 'setBucketDocument'> {
  return {
    async bucketDocument(bucket, document, signal) {
      const { query, none } = documents[document];
      const outgoing = { method: 'GET', bucket, query: { [query]: '' } } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (answer.code === none) return { outcome: 'none' };
      if (isUnsupported(answer)) return { outcome: 'unsupported' };
      if (answer.status === 204 || (answer.status === 200 && answer.text.trim() === '')) {
        return { outcome: 'none' };
      }
      if (answer.status !== 200) throw requests.fault(outgoing, answer);
      return { outcome: 'found', text: answer.text };
    },

    async setBucketDocument(bucket, document, text, signal) {
      const { query } = documents[document];
      const body = Buffer.from(text);
      const headers = bodyDigest(body);
      const outgoing = {
        ...{ method: 'PUT', bucket, query: { [query]: '' }, headers, body },
      } as const satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (isUnsupported(answer)) return 'unsupported';
      if (answer.status !== 200 && answer.status !== 204) throw requests.fault(outgoing, answer);
      return 'set';
    },
  };
}
