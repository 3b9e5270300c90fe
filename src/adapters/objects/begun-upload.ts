import { Fault } from '../../core/fault.ts';
import type { Target } from './outcome.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';
import { parseXml, textOf } from './xml.ts';

/** A multipart upload on the server, from its beginning until it is completed or taken back. */
export interface Upload {
  readonly target: Target;
  readonly uploadId: string;
}

/** Time to learn of an upload that was begun, and to take one back, after the run was aborted. */
const cleanUpMs = 10_000;

/**
 * @returns the upload's id, or undefined when there is no such bucket. An abort does not cut this
 *   request: an upload whose id nobody heard could not be taken back.
 */
export async function begin(
  requests: Requests,
  { bucket, key, headers }: Target,
  signal: AbortSignal,
): Promise<string | undefined> {
  const outgoing = {
    method: 'POST',
    bucket,
    key,
    query: { uploads: '' },
    headers: { ...headers, 'x-amz-checksum-algorithm': 'SHA256' },
  } satisfies Outgoing;
  const patient = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    timer = setTimeout(() => patient.abort(signal.reason), cleanUpMs);
  };
  signal.throwIfAborted();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const answer = await requests.ask(outgoing, patient.signal);
    if (answer.code === 'NoSuchBucket') return undefined;
    if (answer.status !== 200) throw requests.fault(outgoing, answer);
    return field(answer, 'UploadId', outgoing);
  } finally {
    signal.removeEventListener('abort', giveUp);
    clearTimeout(timer);
  }
}

/**
 * Takes the parts back, with a signal of its own: the one of the run has often ended it. Parts that
 * were under way may land after the first time (API reference, AbortMultipartUpload), so it is said
 * until the server knows no such upload. Where that fails, `listUploads` finds it later.
 */
export async function takeBack(requests: Requests, { target, uploadId }: Upload): Promise<void> {
  const { bucket, key } = target;
  const signal = AbortSignal.timeout(cleanUpMs);
  const call = { bucket, key, query: { uploadId } };
  try {
    for (let left = true; left; ) {
      await requests.ask({ method: 'DELETE', ...call }, signal);
      const { status } = await requests.ask({ method: 'GET', ...call }, signal);
      left = status === 200;
    }
  } catch {
    // The reason for taking back says more than this.
  }
}

/** An element of the answer. @throws Fault `objects-failed` */
export function field(answer: Asked, name: string, { method, bucket, key }: Outgoing): string {
  const what = `${method} ${bucket}/${key}`;
  try {
    const text = textOf(parseXml(answer.text), name);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new Fault('objects-failed', `${what}: the answer is no XML`, { cause });
  }
  throw new Fault('objects-failed', `${what}: the answer names no ${name}`);
}
