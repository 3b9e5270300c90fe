import { begin, field, takeBack, type Upload } from './begun-upload.ts';
import type { Stored } from './objects.ts';
import { checksum, condition, outcome, type Target } from './outcome.ts';
import type { Requests } from './requests.ts';
import { sha256 } from './sigv4.ts';
import type { Outgoing } from './transport.ts';
import { escapeXml } from './xml.ts';

/** Parts sent side by side; one more is being filled meanwhile. */
const lanes = 4;
type Parts = (signal: AbortSignal) => AsyncIterable<Buffer>;

/** An object in parts. Whatever goes wrong, the parts sent are taken back before it is reported. */
export async function multipart(
  requests: Requests,
  target: Target,
  parts: Parts,
  signal: AbortSignal,
): Promise<Stored> {
  if (target.ifAbsent && (await isTaken(requests, target, signal))) return { outcome: 'exists' };
  const begun = await begin(requests, target, signal);
  if (begun === undefined) return { outcome: 'bucket-missing' };
  const upload = { target, uploadId: begun };
  try {
    signal.throwIfAborted();
    const sent = await sendParts(requests, upload, parts, signal);
    const stored = await complete(requests, upload, sent, signal);
    if (stored.outcome !== 'stored') await takeBack(requests, upload);
    return stored;
  } catch (error) {
    await takeBack(requests, upload);
    throw error;
  }
}

interface SentPart {
  readonly etag: string;
  readonly checksum: string;
}

/** Saves sending everything; that nobody else takes it meanwhile is seen to at the end. */
async function isTaken(
  requests: Requests,
  { bucket, key }: Target,
  signal: AbortSignal,
): Promise<boolean> {
  const { status } = await requests.ask({ method: 'HEAD', bucket, key }, signal);
  return status === 200;
}

async function sendParts(
  requests: Requests,
  upload: Upload,
  parts: Parts,
  signal: AbortSignal,
): Promise<readonly SentPart[]> {
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const sent: SentPart[] = [];
  const running = new Set<Promise<void>>();
  let number = 0;
  try {
    for await (const part of parts(both)) {
      const at = number++;
      const task = sendPart(requests, upload, at + 1, part, both).then((done) => {
        sent[at] = done;
        running.delete(task);
      });
      running.add(task);
      // The first failure also ends the waiting for a slow source.
      task.catch((error: unknown) => failure.abort(error));
      if (running.size >= lanes) await Promise.race(running);
    }
    await Promise.all(running);
    return sent;
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(running);
    signal.throwIfAborted();
    throw failure.signal.reason;
  }
}

async function sendPart(
  requests: Requests,
  { target, uploadId }: Upload,
  number: number,
  body: Buffer,
  signal: AbortSignal,
): Promise<SentPart> {
  const { bucket, key } = target;
  const digest = sha256(body);
  const outgoing = {
    method: 'PUT',
    bucket,
    key,
    query: { partNumber: String(number), uploadId },
    headers: checksum(digest),
    body,
    bodySha256: digest,
  } satisfies Outgoing;
  const answer = await requests.ask(outgoing, signal);
  const { etag } = answer.headers;
  if (answer.status !== 200 || etag === undefined) throw requests.fault(outgoing, answer);
  return { etag, checksum: Buffer.from(digest, 'hex').toString('base64') };
}

async function complete(
  requests: Requests,
  { target, uploadId }: Upload,
  parts: readonly SentPart[],
  signal: AbortSignal,
): Promise<Stored> {
  const { bucket, key } = target;
  const listed = parts.map(
    ({ etag, checksum }, at) =>
      `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag>` +
      `<ChecksumSHA256>${checksum}</ChecksumSHA256></Part>`,
  );
  const outgoing = {
    method: 'POST',
    bucket,
    key,
    query: { uploadId },
    headers: { 'content-type': 'application/xml', ...condition(target) },
    body: Buffer.from(`<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`),
  } satisfies Outgoing;
  const answer = await requests.ask(outgoing, signal);
  const etag = answer.status === 200 ? field(answer, 'ETag', outgoing) : undefined;
  return outcome(requests, target, outgoing, answer, signal, etag);
}
