import { Fault } from '../../core/fault.ts';
import { bodyDigest } from './body-digest.ts';
import type { ObjectName, ObjectStore, RemovalFailure } from './objects.ts';
import { isAbsent } from './problem.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';
import { type Element, escapeXml, fitsXml, parseXml, textOf } from './xml.ts';

/** Objects that one DeleteObjects request takes (API reference of Amazon S3). */
const batchSize = 1000;

export function removals(requests: Requests): Pick<ObjectStore, 'remove' | 'removeMany'> {
  const removeOne = async (
    bucket: string,
    { key, versionId }: ObjectName,
    bypassGovernance: boolean | undefined,
    signal: AbortSignal,
  ): Promise<{ outgoing: Outgoing; answer: Asked }> => {
    const headers = bypass(bypassGovernance);
    const outgoing: Outgoing = { method: 'DELETE', bucket, key, query: { versionId }, headers };
    return { outgoing, answer: await requests.ask(outgoing, signal) };
  };

  return {
    async remove(bucket, key, { versionId, bypassGovernance }, signal) {
      const name = { key, ...(versionId === undefined ? {} : { versionId }) };
      const { outgoing, answer } = await removeOne(bucket, name, bypassGovernance, signal);
      if (isRemoved(answer)) return 'removed';
      if (isProtected(answer)) return 'protected';
      throw requests.fault(outgoing, answer);
    },

    async removeMany(bucket, objects, { bypassGovernance }, signal) {
      const failures: RemovalFailure[] = [];
      let batch: ObjectName[] = [];
      const flush = async () => {
        if (batch.length === 0) return;
        failures.push(...(await removeBatch(requests, bucket, batch, bypassGovernance, signal)));
        batch = [];
      };
      for await (const object of objects) {
        if (fitsXml(object.key)) batch.push(object);
        else {
          const { answer } = await removeOne(bucket, object, bypassGovernance, signal);
          if (!isRemoved(answer)) failures.push({ ...object, ...failureOf(answer) });
        }
        if (batch.length === batchSize) await flush();
      }
      await flush();
      return failures;
    },
  };
}

const isRemoved = (answer: Asked): boolean =>
  answer.status === 204 || answer.status === 200 || isAbsent(answer);

/** Amazon answers AccessDenied, MinIO and others InvalidRequest; only the text says why. */
const isProtected = ({ text, status }: Asked): boolean =>
  status >= 400 && /object lock|WORM|ObjectLocked/i.test(text);

const failureOf = ({ code, status }: Asked) => ({ code, message: `status ${status}` });

const bypass = (wanted: boolean | undefined): Record<string, string> =>
  wanted ? { 'x-amz-bypass-governance-retention': 'true' } : {};

async function removeBatch(
  requests: Requests,
  bucket: string,
  objects: readonly ObjectName[],
  bypassGovernance: boolean | undefined,
  signal: AbortSignal,
): Promise<RemovalFailure[]> {
  const body = Buffer.from(
    `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects.map(objectXml).join('')}</Delete>`,
  );
  const outgoing = {
    method: 'POST',
    bucket,
    query: { delete: '' },
    headers: {
      'content-type': 'application/xml',
      // Asked for by S3 for this request.
      ...bodyDigest(body),
      ...bypass(bypassGovernance),
    },
    body,
  } satisfies Outgoing;
  const answer = await requests.ask(outgoing, signal);
  if (answer.code === 'NoSuchBucket') return [];
  if (answer.status !== 200) throw requests.fault(outgoing, answer);
  const results = parseXml(answer.text).children;
  const removed = results.filter(({ name }) => name === 'Deleted').length;
  const failures = results.filter(({ name }) => name === 'Error').map(failureFrom);
  if (removed + failures.length < objects.length) {
    const why = `${removed} of ${objects.length} removals are confirmed`;
    throw new Fault('objects-failed', `POST ${bucket}?delete: ${why}`);
  }
  return failures;
}

const objectXml = ({ key, versionId }: ObjectName): string => {
  const version = versionId === undefined ? '' : `<VersionId>${escapeXml(versionId)}</VersionId>`;
  return `<Object><Key>${escapeXml(key)}</Key>${version}</Object>`;
};

function failureFrom(element: Element): RemovalFailure {
  const versionId = textOf(element, 'VersionId');
  return {
    key: textOf(element, 'Key') ?? '',
    ...(versionId ? { versionId } : {}),
    code: textOf(element, 'Code') ?? '',
    message: textOf(element, 'Message') ?? '',
  };
}
