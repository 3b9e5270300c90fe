import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { slabs } from './bucket/slabs.ts';
import { DamagedContent } from './damaged.ts';
import { type Identities, notOpened } from './encryption/identity-file.ts';
import { decrypting } from './encryption/payload.ts';
import type { Sealing } from './encryption/sealing.ts';
import { type Content, type Extent, extentOf } from './repository/repository.ts';

/** On dumps level 3 takes twice the time of 1, and often makes more of it. */
export const compressionLevel = 1;

/** Of what zstd gives at a time; Node's own 16 KiB cost a turn of the event loop each. */
const zstdChunkBytes = 128 * 1024;

/** How far zstd unpacks while what came before is hashed: every stream of zlib takes what streams take. */
const ahead = { highWaterMark: 1024 * 1024 };

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
      // Later, so that a stream which works on another thread gets its next piece before.
      setImmediate(() => {
        hash.update(chunk);
        onBytes?.(chunk.length);
        done(null, chunk);
      });
    },
  });
  const extent = () => {
    digest ??= hash.digest('hex');
    return { size, sha256: digest };
  };
  return Object.assign(transform, { extent });
}

/** The stored form of a stream, and what went in; an error of the source becomes one of `stored`. */
export function packed(
  plain: Readable,
  { sealing, onBytes }: { sealing?: Sealing | null; onBytes?: MeterOptions['onBytes'] } = {},
): { readonly stored: Readable; readonly plain: () => Extent } {
  const zstd = createZstdCompress({
    chunkSize: zstdChunkBytes,
    params: {
      [constants.ZSTD_c_compressionLevel]: compressionLevel,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  const last = sealing ? sealing.encrypt() : zstd;
  if (sealing) pipeline(zstd, last, () => undefined);
  const measured = slabs(zstd, onBytes);
  pipeline(plain, measured, () => undefined);
  return { stored: last, plain: measured.extent };
}

interface SealedForm {
  readonly stored: Content;
  readonly plain: () => Extent;
}

/** The encrypted form of content that is not compressed, and what went in; whole when that was whole. */
export async function sealedForm(content: Content, sealing: Sealing): Promise<SealedForm> {
  const stored = sealing.encrypt();
  if (content instanceof Uint8Array) {
    const extent = extentOf(content);
    stored.end(content);
    return { stored: await buffer(stored), plain: () => extent };
  }
  const measured = meter();
  pipeline(content, measured, stored, () => undefined);
  return { stored, plain: measured.extent };
}

export interface Expected {
  readonly stored: Extent;
  readonly plain: Extent;
  readonly compression: 'zstd' | null;
  readonly encryption: 'age' | null;
}

export interface Unpacking {
  /** Of whoever reads; encrypted content without one that opens it is a fault at the end. */
  readonly identities?: Identities | undefined;
  /** Told the plain bytes. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Told the stored bytes. */
  readonly onStored?: ((bytes: number) => void) | undefined;
}

/**
 * The plain form of stored content. Its end is an error ({@link DamagedContent}) unless every byte,
 * stored and plain, is the one that is expected; or Fault `identity-missing`, `identity-wrong`.
 */
export function unpacked(
  stored: Readable,
  expected: Expected,
  { identities, onBytes, onStored }: Unpacking = {},
): Readable {
  const outer = meter({ limit: expected.stored.size, onBytes: onStored });
  const inner = meter({ limit: expected.plain.size, onBytes });
  const last = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush(done) {
      const wrong = storedIsWrong() ?? difference('its content', inner.extent(), expected.plain);
      done(wrong === undefined ? null : new DamagedContent(wrong));
    },
  });
  const storedIsWrong = () => difference('its stored form', outer.extent(), expected.stored);
  const notOurs = () => {
    const wrong = storedIsWrong();
    return wrong === undefined ? notOpened(identities) : new DamagedContent(wrong);
  };
  const streams = [
    stored,
    outer,
    ...(expected.encryption === null ? [] : [decrypting(identities?.keys ?? [], notOurs)]),
    ...(expected.compression === null
      ? []
      : [createZstdDecompress({ chunkSize: zstdChunkBytes, ...ahead })]),
    inner,
    last,
  ];
  pipeline(streams, () => undefined);
  return last;
}

/** @returns what tells found bytes from the ones that were written */
export function difference(what: string, found: Extent, expected: Extent): string | undefined {
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
