import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Entry, packEntries } from './entries.ts';

export interface LayerPlan {
  /** What the history of the image says about the layer. */
  readonly createdBy: string;
  readonly entries: readonly Entry[];
}

export interface Layer {
  readonly createdBy: string;
  /** The file that holds the compressed layer. */
  readonly file: string;
  readonly size: number;
  /** SHA-256 of the compressed layer: its name in the layout. */
  readonly digest: string;
  /** SHA-256 of the layer before compression: its name in the config. */
  readonly diffId: string;
}

/** Part of the digest, so it must not follow a default that may change. */
const gzipLevel = 6;

/** Writes a layer into a folder, under its digest. */
export async function writeLayer(folder: string, plan: LayerPlan): Promise<Layer> {
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `${randomUUID()}.partial`);
  const plain = createHash('sha256');
  const compressed = createHash('sha256');
  await pipeline(
    packEntries(plan.entries),
    hashInto(plain),
    createGzip({ level: gzipLevel, chunkSize: 1 << 18 }),
    hashInto(compressed),
    createWriteStream(partial),
  );
  const digest = compressed.digest('hex');
  const file = join(folder, digest);
  await rename(partial, file);
  const { size } = await stat(file);
  return { createdBy: plan.createdBy, file, size, digest, diffId: plain.digest('hex') };
}

const hashInto = (hash: Hash) =>
  async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
