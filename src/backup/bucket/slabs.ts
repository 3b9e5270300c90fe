import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import type { Meter, MeterOptions } from '../meter.ts';

const slabBytes = 256 * 1024;

/**
 * Passes bytes on in large pieces of memory that is used again, while it counts and hashes them.
 * pg_dump writes 4 KiB at a time to a pipe: a turn of every stream for each of them costs more than
 * the digest, and putting them together in fresh memory keeps the garbage collector at work.
 * @param next calls back once it needs the bytes it was given no more, as streams of zlib do
 */
export function slabs(
  next: Writable,
  onBytes: MeterOptions['onBytes'],
): Writable & Pick<Meter, 'extent'> {
  const hash = createHash('sha256');
  let size = 0;
  let digest: string | undefined;
  const free = [Buffer.allocUnsafeSlow(slabBytes), Buffer.allocUnsafeSlow(slabBytes)];
  let slab = free.pop();
  let used = 0;
  /** Continues with the next piece of memory that is free. */
  let waiting: (() => void) | undefined;

  const pass = (then: () => void) => {
    const full = slab;
    if (!full) throw new Error('nothing is passed on before memory is free');
    const bytes = full.subarray(0, used);
    next.write(bytes, (error) => {
      if (error) return;
      free.push(full);
      waiting?.();
    });
    // After it, while zstd is at work on the same bytes on another thread.
    hash.update(bytes);
    used = 0;
    const take = () => {
      waiting = undefined;
      slab = free.pop();
      then();
    };
    if (free.length > 0) take();
    else waiting = take;
  };
  const copy = (chunk: Buffer, from: number, done: () => void): void => {
    const taken = slab ? chunk.copy(slab, used, from) : 0;
    used += taken;
    if (used < slabBytes) done();
    else pass(() => copy(chunk, from + taken, done));
  };

  const writable = new Writable({
    write(chunk: Buffer, _, done) {
      size += chunk.length;
      onBytes?.(chunk.length);
      copy(chunk, 0, done);
    },
    final(done) {
      if (used > 0) pass(() => undefined);
      next.end();
      done();
    },
    destroy(error, done) {
      if (error) next.destroy(error);
      done(error);
    },
  });
  next.once('error', (error) => writable.destroy(error));
  const extent = () => {
    digest ??= hash.digest('hex');
    return { size, sha256: digest };
  };
  return Object.assign(writable, { extent });
}
