import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, systemCode } from '../../core/fault.ts';
import { decoderOf, isGzip } from './codec.ts';
import { createInflater } from './inflate.ts';
import { damagedLayer, type Layer, type LayerClaim, type LayerDamage } from './layer.ts';
import {
  createLayerReader,
  digestDamage,
  type LayerReader,
  type LayerReaderOptions,
  LimitError,
} from './layer-reader.ts';
import { TarError } from './tar.ts';

export interface Blob {
  /** Bytes that are there. */
  readonly size: number;
  /** The bytes from the start, each piece valid until the next is asked for; may be called twice. */
  open(): AsyncIterable<Uint8Array>;
}

export interface LayerOptions extends LayerReaderOptions {
  readonly signal?: AbortSignal;
}

/**
 * Verifies, unpacks and scans a layer in one pass with bounded memory. Damage is part of the result.
 * Rejects only with the signal's reason, or for a bug.
 */
export async function examineLayer(
  claim: LayerClaim,
  blob: Blob,
  options: LayerOptions,
): Promise<Layer> {
  if (blob.size !== claim.size) return damagedLayer(claim, sizeDamage(claim, blob.size));
  const reader = createLayerReader(claim, options);
  try {
    await unpack(blob.open(), reader, options.signal);
    const damage = reader.verify();
    return damage ? damagedLayer(claim, damage) : { ...claim, ...reader.result(), damage: null };
  } catch (error) {
    options.signal?.throwIfAborted();
    const damage = damageOf(error);
    // A wrong digest explains why the bytes cannot be decoded, so it is said instead.
    const isUndecodable = damage.kind === 'codec' || damage.kind === 'tar';
    const altered = isUndecodable && !claim.isUnnamed && (await digestOf(blob)) !== claim.digest;
    return damagedLayer(claim, altered ? digestDamage : damage);
  }
}

function sizeDamage(claim: LayerClaim, size: number): LayerDamage {
  const message = `it has ${size} of ${claim.size} bytes`;
  return size < claim.size
    ? { kind: 'truncated', message }
    : { kind: 'digest', message: `it has ${size} bytes instead of ${claim.size}` };
}

function damageOf(error: unknown): LayerDamage {
  if (error instanceof LimitError) return { kind: 'too-large', message: error.message };
  if (error instanceof TarError) return { kind: 'tar', message: error.message };
  const code = systemCode(error);
  if (code?.startsWith('Z')) return { kind: 'codec', message: messageOf(error) };
  if (code?.startsWith('E')) return { kind: 'missing', message: `it cannot be read: ${code}` };
  throw error;
}

async function digestOf(blob: Blob): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of blob.open()) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

/** Packed bytes in, unpacked bytes out, both counted and hashed by the reader. */
async function unpack(
  packed: AsyncIterable<Uint8Array>,
  reader: LayerReader,
  signal: AbortSignal | undefined,
): Promise<void> {
  const iterator = packed[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    const head = first.done ? new Uint8Array() : first.value;
    const source = async function* () {
      for (let next = first; !next.done; next = await iterator.next()) {
        signal?.throwIfAborted();
        yield next.value;
      }
    };
    await passOn(source(), head, reader, signal);
    reader.end();
  } finally {
    await iterator.return?.();
  }
}

async function passOn(
  source: AsyncIterable<Uint8Array>,
  head: Uint8Array,
  reader: LayerReader,
  signal: AbortSignal | undefined,
): Promise<void> {
  const inflater = isGzip(head) ? createInflater() : undefined;
  if (inflater) {
    try {
      for await (const chunk of source) {
        reader.packed(chunk);
        inflater.write(chunk, reader.unpacked);
      }
      inflater.end(reader.unpacked);
    } finally {
      inflater.close();
    }
    return;
  }
  const sink = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) reader.unpacked(chunk);
  };
  const decoder = decoderOf(head);
  if (!decoder) return sink(source);
  const counted = async function* () {
    for await (const chunk of source) {
      reader.packed(chunk);
      // Streams hold on to what they are given.
      yield Uint8Array.from(chunk);
    }
  };
  await pipeline(Readable.from(counted()), decoder, sink, { signal });
}
