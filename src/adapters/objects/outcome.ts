import type { Stored } from './objects.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';

/** The object that a put is to make. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
  /** Of the whole content. */
  readonly sha256: string;
  readonly ifAbsent: boolean;
  /** Describe the object. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The server refuses content that does not have it. */
export const checksum = (digest: string): Record<string, string> => ({
  'x-amz-checksum-sha256': Buffer.from(digest, 'hex').toString('base64'),
});

export const condition = ({ ifAbsent }: Target): Record<string, string> =>
  ifAbsent ? { 'if-none-match': '*' } : {};

/** What the answer to the request that makes the object means. */
export async function outcome(
  requests: Requests,
  target: Target,
  outgoing: Outgoing,
  answer: Asked,
  signal: AbortSignal,
  etag = answer.headers.etag ?? '',
): Promise<Stored> {
  if (answer.status === 200) {
    const versionId = answer.headers['x-amz-version-id'];
    return {
      outcome: 'stored',
      etag: etag.replaceAll('"', ''),
      ...(typeof versionId === 'string' ? { versionId } : {}),
    };
  }
  if (answer.code === 'NoSuchBucket') return { outcome: 'bucket-missing' };
  const taken = target.ifAbsent && answer.status === 412;
  const unknown = answer.code === 'NoSuchUpload';
  // An earlier try may have been carried out and its answer lost; then what is there is ours.
  if ((taken || unknown) && answer.tries > 1) {
    const own = await storedBefore(requests, target, signal);
    if (own) return own;
  }
  if (taken) return { outcome: 'exists' };
  throw requests.fault(outgoing, answer);
}

async function storedBefore(
  requests: Requests,
  { bucket, key, sha256 }: Target,
  signal: AbortSignal,
): Promise<Stored | undefined> {
  const { status, headers } = await requests.ask({ method: 'HEAD', bucket, key }, signal);
  if (status !== 200 || headers['x-amz-meta-sha256'] !== sha256) return undefined;
  const versionId = headers['x-amz-version-id'];
  return {
    outcome: 'stored',
    etag: (headers.etag ?? '').replaceAll('"', ''),
    ...(typeof versionId === 'string' ? { versionId } : {}),
  };
}
