import { bodyDigest } from './body-digest.ts';
import type { ObjectLock, ObjectStore, ObjectStoreSettings, Versioning } from './objects.ts';
import type { Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';
import { type Element, parseXml, textOf } from './xml.ts';

type Buckets = Pick<
  ObjectStore,
  'bucketExists' | 'makeBucket' | 'removeBucket' | 'versioning' | 'setVersioning' | 'objectLock'
>;

/** Where S3 began; a bucket there is made without naming the place. */
const firstRegion = 'us-east-1';

export function buckets(requests: Requests, { region }: ObjectStoreSettings): Buckets {
  const bucketExists: Buckets['bucketExists'] = async (bucket, signal) => {
    const outgoing = { method: 'HEAD', bucket } satisfies Outgoing;
    const answer = await requests.ask(outgoing, signal);
    if (answer.status === 200) return true;
    if (answer.status !== 404) throw requests.fault(outgoing, answer);
    // HEAD gives no reason.
    const why = await requests.ask({ method: 'GET', bucket, query: { location: '' } }, signal);
    if (why.code === 'NoSuchBucket') return false;
    throw requests.fault(outgoing, why);
  };
  return {
    bucketExists,

    async makeBucket(bucket, { objectLock }, signal) {
      const outgoing: Outgoing = {
        method: 'PUT',
        bucket,
        ...(objectLock ? { headers: { 'x-amz-bucket-object-lock-enabled': 'true' } } : {}),
        ...(region === firstRegion ? {} : { body: Buffer.from(placeXml(region)) }),
      };
      const answer = await requests.ask(outgoing, signal);
      if (/^BucketAlready(?:OwnedByYou|Exists)$/.test(answer.code)) return 'exists';
      if (answer.status !== 200) throw requests.fault(outgoing, answer);
      return 'made';
    },

    async removeBucket(bucket, signal) {
      const outgoing = { method: 'DELETE', bucket } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (answer.code === 'NoSuchBucket') return 'missing';
      if (answer.code === 'BucketNotEmpty') return 'not-empty';
      if (answer.status !== 204 && answer.status !== 200) throw requests.fault(outgoing, answer);
      return 'removed';
    },

    async versioning(bucket, signal) {
      const query = { versioning: '' };
      const outgoing = { method: 'GET', bucket, query } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (answer.code === 'NoSuchBucket') return undefined;
      if (isUnsupported(answer)) return 'unsupported';
      if (answer.status !== 200) throw requests.fault(outgoing, answer);
      return states[textOf(parseXml(answer.text), 'Status') ?? ''] ?? 'never';
    },

    async setVersioning(bucket, state, signal) {
      // MinIO takes it for a bucket that is missing, too.
      if (!(await bucketExists(bucket, signal))) return undefined;
      const status = state === 'enabled' ? 'Enabled' : 'Suspended';
      const body = Buffer.from(
        `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      );
      const headers = bodyDigest(body);
      const query = { versioning: '' };
      const outgoing = { method: 'PUT', bucket, query, headers, body } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (answer.code === 'NoSuchBucket') return undefined;
      if (answer.status !== 200) throw requests.fault(outgoing, answer);
      return 'set';
    },

    async objectLock(bucket, signal) {
      const query = { 'object-lock': '' };
      const outgoing = { method: 'GET', bucket, query } satisfies Outgoing;
      const answer = await requests.ask(outgoing, signal);
      if (answer.code === 'NoSuchBucket') return undefined;
      if (answer.code === 'ObjectLockConfigurationNotFoundError' || isUnsupported(answer)) {
        // MinIO says the same of a bucket that is missing.
        return (await bucketExists(bucket, signal)) ? { enabled: false } : undefined;
      }
      if (answer.status !== 200) throw requests.fault(outgoing, answer);
      return lockOf(parseXml(answer.text));
    },
  };
}

const states: Readonly<Record<string, Versioning>> = {
  Enabled: 'enabled',
  Suspended: 'suspended',
};

/** A server without the feature says so in one of these ways. */
const isUnsupported = ({ status, code }: { status: number; code: string }): boolean =>
  status === 501 || status === 405 || code === 'VersioningNotConfigured';

const placeXml = (region: string): string =>
  `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;

const daysPerYear = 365;

function lockOf(page: Element): ObjectLock {
  const enabled = textOf(page, 'ObjectLockEnabled') === 'Enabled';
  const rule = page.children.find(({ name }) => name === 'Rule');
  const retention = rule?.children.find(({ name }) => name === 'DefaultRetention');
  if (!retention) return { enabled };
  const mode = textOf(retention, 'Mode') === 'COMPLIANCE' ? 'compliance' : 'governance';
  const days =
    Number(textOf(retention, 'Days') ?? 0) + daysPerYear * Number(textOf(retention, 'Years') ?? 0);
  return { enabled, defaultRetention: { mode, days } };
}
