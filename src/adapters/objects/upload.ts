import { Fault } from '../../core/fault.ts';
import { type Described, toHeaders } from './headers.ts';
import { listings } from './listing.ts';
import { multipart } from './multipart.ts';
import type { ObjectStore, PutOptions, Stored } from './objects.ts';
import { checksum, condition, outcome, type Target } from './outcome.ts';
import type { Requests } from './requests.ts';
import { partsOf } from './source.ts';
import type { Outgoing } from './transport.ts';

const mebibyte = 1024 * 1024;
const defaultPartSize = 8 * mebibyte;
/** Of S3: all parts but the last have at least 5 MiB, and there are at most 10,000. */
const limits = { smallestPart: 5 * mebibyte, parts: 10_000 } as const;

export function uploads(requests: Requests): Pick<ObjectStore, 'put'> {
  return {
    async put(bucket, key, source, options, signal) {
      signal.throwIfAborted();
      const partSize = partSizeFor(options);
      const target: Target = {
        bucket,
        key,
        sha256: options.sha256,
        ifAbsent: options.ifAbsent === true,
        headers: toHeaders(withSha256(options)),
      };
      const parts = (inner: AbortSignal) => partsOf(source, partSize, options, inner);
      const stored =
        options.size > partSize
          ? await multipart(requests, target, parts, signal)
          : await putWhole(requests, target, parts, signal);
      if (stored.outcome === 'stored') await assertKept(requests, target, signal);
      return stored;
    },
  };
}

function partSizeFor({ size, partSize = defaultPartSize }: PutOptions): number {
  const needed = Math.ceil(size / limits.parts / mebibyte) * mebibyte;
  return Math.max(partSize, limits.smallestPart, needed);
}

const withSha256 = (options: PutOptions): Described => ({
  ...options,
  metadata: { ...options.metadata, sha256: options.sha256 },
});

async function putWhole(
  requests: Requests,
  target: Target,
  parts: (signal: AbortSignal) => AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Stored> {
  const { bucket, key, headers, sha256 } = target;
  const body = await only(parts(signal));
  const outgoing = {
    method: 'PUT',
    bucket,
    key,
    body,
    bodySha256: sha256,
    // Kept by the server as well, and what a bucket with object lock asks for.
    headers: { ...headers, ...checksum(sha256), ...condition(target) },
  } satisfies Outgoing;
  return outcome(requests, target, outgoing, await requests.ask(outgoing, signal), signal);
}

async function only(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  for await (const part of parts) return part;
  throw new Error('a source has one part at least');
}

/**
 * Some servers keep objects as files and tidy up a key as if it were a path; then the object lies
 * under another name, perhaps in place of another one. Only a listing tells.
 */
async function assertKept(
  requests: Requests,
  { bucket, key }: Target,
  signal: AbortSignal,
): Promise<void> {
  if (!isOddPath(key)) return;
  for await (const entry of (await listings(requests).list(bucket, key, signal)) ?? []) {
    if (entry.key === key) return;
  }
  const message = `PUT ${bucket}/${key}: the server stored it under another name`;
  throw new Fault('objects-failed', message);
}

/** Empty segments and dots; a slash at the end is common, and kept everywhere. */
const isOddPath = (key: string): boolean =>
  key.split('/').some((part, at, all) => /^\.{0,2}$/.test(part) && (part || at < all.length - 1));
