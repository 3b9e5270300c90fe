import type { ObjectStore, Protection, Retention } from './objects.ts';
import { isAbsent } from './problem.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';
import { type Element, parseXml, textOf } from './xml.ts';

/** How servers say that a version has no retention or hold, or its bucket no object lock. */
const isNone = ({ code, status }: Asked): boolean =>
  code === 'NoSuchObjectLockConfiguration' ||
  code === 'ObjectLockConfigurationNotFoundError' ||
  (status === 400 && code === 'InvalidRequest');

/**
 * What keeps a version from being removed. The headers of an object leave it out without a word for
 * those who may not know; these requests are refused then (S3 API reference, GetObjectRetention).
 */
export function protections(requests: Requests): Pick<ObjectStore, 'protection'> {
  const ask = async (
    query: Readonly<Record<string, string | undefined>>,
    { bucket, key }: { readonly bucket: string; readonly key: string },
    signal: AbortSignal,
  ): Promise<Element | 'none' | undefined> => {
    const outgoing = { method: 'GET', bucket, key, query } satisfies Outgoing;
    const answer = await requests.ask(outgoing, signal);
    if (isAbsent(answer)) return undefined;
    if (isNone(answer)) return 'none';
    if (answer.status !== 200) throw requests.fault(outgoing, answer);
    return parseXml(answer.text);
  };
  return {
    async protection(bucket, key, versionId, signal): Promise<Protection | undefined> {
      const of = { bucket, key };
      const [retention, hold] = await Promise.all([
        ask({ retention: '', versionId }, of, signal),
        ask({ 'legal-hold': '', versionId }, of, signal),
      ]);
      if (retention === undefined || hold === undefined) return undefined;
      const kept = retention === 'none' ? undefined : retentionOf(retention);
      return {
        ...(kept && { retention: kept }),
        legalHold: hold !== 'none' && textOf(hold, 'Status') === 'ON',
      };
    },
  };
}

function retentionOf(element: Element): Retention | undefined {
  const mode = textOf(element, 'Mode');
  const until = new Date(textOf(element, 'RetainUntilDate') ?? Number.NaN);
  if (!mode || Number.isNaN(until.getTime())) return undefined;
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', until };
}
