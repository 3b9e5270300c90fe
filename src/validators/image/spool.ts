import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault, messageOf, systemCode, writeFault, writeReason } from '../../core/fault.ts';
import type { Scope } from '../../core/scope.ts';
import type { DiskPlace } from './archive.ts';
import type { BlobRange } from './blobs.ts';
import { decoderOf } from './codec.ts';

/**
 * Files for what comes in a stream and has to be read at any place, or more than once: archives of an
 * engine, blobs of a registry, archives that are compressed as a whole. Packed as they came, never the
 * file system of an image.
 */
export interface Spool {
  /**
   * @param what for messages
   * @throws Fault `input-too-large`, `output-unwritable`; what the stream fails with
   */
  keep(stream: AsyncIterable<Uint8Array>, what: string, limit: number): Promise<BlobRange>;
  drop(range: BlobRange): Promise<void>;
}

/** Bytes of one archive or blob. */
export const maxSpooled = 64 * 1024 ** 3;

/** What a compressed archive may unpack to: so many times its size, or a little in any case. */
const maxRatio = 100;
const smallArchive = 256 * 1024 ** 2;

/** The folder is made with the first file, and goes with the scope, or by `deploycheck clean`. */
export function createSpool(scope: Scope, signal: AbortSignal): Spool {
  let made: Promise<string> | undefined;
  let files = 0;
  const folder = () => {
    made ??= makeFolder(scope);
    return made;
  };
  return {
    async keep(stream, what, limit) {
      const file = join(await folder(), String(files++));
      let size = 0;
      const counting = new Transform({
        transform(chunk: Uint8Array, _, done) {
          size += chunk.length;
          if (size <= limit) done(null, chunk);
          else done(new Fault('input-too-large', `${what}: more than ${limit} bytes`));
        },
      });
      try {
        await pipeline(stream, counting, createWriteStream(file, { flags: 'wx', mode: 0o600 }), {
          signal,
        });
      } catch (error) {
        await rm(file, { force: true });
        signal.throwIfAborted();
        if (error instanceof Fault || writeReason(error) === undefined) throw error;
        throw writeFault('output-unwritable', `${file}, for ${what}`, error);
      }
      return { file, offset: 0, size };
    },
    drop: ({ file }) => rm(file, { force: true }),
  };
}

/** Known to the ledger before it is there, so that no crash leaves a folder that nobody knows of. */
async function makeFolder(scope: Scope): Promise<string> {
  const folder = join(tmpdir(), `unpacked-${randomBytes(3).toString('hex')}`);
  await scope.defer('folder of image blobs', () => rm(folder, { recursive: true, force: true }), {
    leftover: { kind: 'folder', ref: folder },
  });
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    throw writeFault('output-unwritable', folder, error);
  }
  return folder;
}

/**
 * An archive that is compressed as a whole, unpacked.
 * @throws Fault `image-damaged` when it cannot be decompressed, `input-too-large`, `output-unwritable`
 */
export async function unpackWhole(spool: Spool, { path, absolute }: DiskPlace): Promise<string> {
  const { head, size } = await beginningOf(absolute);
  const decoder = decoderOf(head);
  if (!decoder) return absolute;
  const limit = Math.min(maxSpooled, Math.max(smallArchive, maxRatio * size));
  const source = createReadStream(absolute, { highWaterMark: 256 * 1024 });
  source.once('error', (error) => decoder.destroy(error));
  try {
    return (await spool.keep(source.pipe(decoder), path, limit)).file;
  } catch (error) {
    if (!systemCode(error)?.match(/^(?:Z_|ZSTD_|ERR_ZSTD)/)) throw error;
    throw new Fault('image-damaged', `${path}: it cannot be decompressed (${messageOf(error)})`, {
      cause: error,
    });
  } finally {
    source.destroy();
  }
}

async function beginningOf(file: string) {
  await using handle = await open(file);
  const head = Buffer.alloc(4);
  await handle.read(head, 0, head.length, 0);
  return { head, size: (await handle.stat()).size };
}
