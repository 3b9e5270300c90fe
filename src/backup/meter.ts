import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { Extent } from './repository.ts';

export const compressionLevel = 3;

/** Passes bytes on while it counts and hashes them. */
export interface Meter extends Transform {
  /** Of what has passed; the whole only after the end. */
  extent(): Extent;
}

export interface MeterOptions {
  /** Told the size of every chunk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** More bytes than this are an error: what is unpacked may be hostile. */
  readonly limit?: number;
}

export function meter({ onBytes, limit = Number.POSITIVE_INFINITY }: MeterOptions = {}): Meter {
  const hash = createHash('sha256');
  let size = 0;
  let digest: string | undefined;
  const transform = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      if (size > limit) return done(new DamagedContent(`it is longer than ${limit} bytes`));
      hash.update(chunk);
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  const extent = () => {
    digest ??= hash.digest('hex');
    return { size, sha256: digest };
  };
  return Object.assign(transform, { extent });
}

/** Content that is not what its manifest says. Never a Fault: it was looked at. */
export class DamagedContent extends Error {
  override readonly name = 'DamagedContent';
}

/** The compressed form of a stream, and what went in; an error of the source becomes one of `stored`. */
export function packed(
  plain: Readable,
  onBytes?: (bytes: number) => void,
): { readonly stored: Readable; readonly plain: () => Extent } {
  const measured = meter({ onBytes });
  const zstd = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: compressionLevel,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  pipeline(plain, measured, zstd, () => undefined);
  return { stored: zstd, plain: measured.extent };
}

export interface Expected {
  readonly stored: Extent;
  readonly plain: Extent;
  readonly compression: 'zstd' | null;
}

/**
 * The plain form of stored content. Its end is an error ({@link DamagedContent}) unless every byte,
 * stored and plain, is the one that is expected.
 */
export function unpacked(
  stored: Readable,
  expected: Expected,
  onBytes?: (bytes: number) => void,
): Readable {
  const outer = meter({ limit: expected.stored.size });
  const inner = meter({ limit: expected.plain.size, onBytes });
  const last = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush(done) {
      const wrong =
        difference('its stored form', outer.extent(), expected.stored) ??
        difference('its content', inner.extent(), expected.plain);
      done(wrong === undefined ? null : new DamagedContent(wrong));
    },
  });
  const streams =
    expected.compression === null
      ? [stored, outer, inner, last]
      : [stored, outer, createZstdDecompress(), inner, last];
  pipeline(streams, () => undefined);
  return last;
}

function difference(what: string, found: Extent, expected: Extent): string | undefined {
  if (found.size !== expected.size) {
    return `${what} has ${found.size} bytes where ${expected.size} were written`;
  }
  return found.sha256 === expected.sha256
    ? undefined
    : `${what} is not the one that was written: SHA-256 ${found.sha256}`;
}

/** What zlib says about bytes that are no zstd frame, or whose checksum is wrong. */
export function damageOf(error: unknown): string | undefined {
  if (error instanceof DamagedContent) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(?:ZSTD_|Z_|ERR_ZLIB|ERR_BUFFER_TOO_LARGE)/.test(code) && error instanceof Error
    ? `it cannot be decompressed: ${error.message}`
    : undefined;
}
