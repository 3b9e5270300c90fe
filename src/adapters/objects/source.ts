import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Fault } from '../../core/fault.ts';

export interface Announced {
  readonly size: number;
  readonly sha256: string;
}

/**
 * The source in pieces of `partSize` bytes, the last one shorter; an empty source is one empty piece.
 * The last piece is given out only when the whole had the size and SHA-256 announced.
 */
export async function* partsOf(
  source: AsyncIterable<Uint8Array>,
  partSize: number,
  announced: Announced,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  const { size, sha256 } = announced;
  const mismatch = (why: string) => new Fault('objects-failed', `what is sent ${why}`);
  let read = 0;
  let filled = 0;
  let part = Buffer.allocUnsafe(Math.min(partSize, size));
  for await (const chunk of abortable(source, signal)) {
    read += chunk.length;
    if (read > size) throw mismatch(`is longer than the ${size} bytes announced`);
    hash.update(chunk);
    for (let from = 0; from < chunk.length; ) {
      if (filled === part.length) {
        yield part;
        part = Buffer.allocUnsafe(Math.min(partSize, size - (read - chunk.length + from)));
        filled = 0;
      }
      const taken = Math.min(chunk.length - from, part.length - filled);
      part.set(chunk.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
    }
  }
  if (read < size) throw mismatch(`has ${read} bytes, not the ${size} announced`);
  if (hash.digest('hex') !== sha256) throw mismatch('does not have the SHA-256 announced');
  yield part;
}

/** Stops waiting for the source when the signal aborts, also for one that never answers. */
async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await unlessAborted(iterator.next(), signal);
      ended = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!ended) abandon(source, iterator);
  }
}

/** Not waited for: an iterator that is stuck in its own work does not answer this either. */
function abandon<T>(source: AsyncIterable<T>, iterator: AsyncIterator<T>): void {
  if (source instanceof Readable) source.destroy();
  iterator.return?.()?.then(undefined, () => undefined);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
