import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Fault, messageOf } from '../../core/fault.ts';

/** A run of bytes in a file on disk; plain data, so that another thread can read it. */
export interface BlobRange {
  readonly file: string;
  readonly offset: number;
  /** Bytes that are there, which is less than the archive says when it was cut off. */
  readonly size: number;
  /** Bytes that the archive says; `size` when undefined. */
  readonly stated?: number;
}

/** The files of a folder or an archive that holds images. */
export interface ImageFiles {
  /** Undefined when there is no regular file of that name. */
  locate(name: string): Promise<BlobRange | undefined>;
}

/**
 * The bytes of a small file; undefined when there are more than `limit`.
 * @throws Fault `image-unreadable`
 */
export async function readRange(range: BlobRange, limit: number): Promise<Buffer | undefined> {
  if (range.size > limit) return undefined;
  try {
    await using handle: FileHandle = await open(range.file);
    const buffer = Buffer.alloc(range.size);
    const { bytesRead } = await handle.read(buffer, 0, range.size, range.offset);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new Fault('image-unreadable', `${range.file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Bytes read at once from a layer. */
const readSize = 256 * 1024;

export function streamRange(range: BlobRange): AsyncIterable<Uint8Array> {
  if (range.size === 0) return emptyStream();
  return createReadStream(range.file, {
    start: range.offset,
    end: range.offset + range.size - 1,
    highWaterMark: readSize,
  });
}

/**
 * The same for a thread that has nothing else to do meanwhile, without a new buffer and a trip to another thread for
 * each piece. A piece is valid until the next one is asked for.
 */
export async function* piecesOf({ file, offset, size }: BlobRange): AsyncGenerator<Uint8Array> {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(readSize);
    let at = 0;
    while (at < size) {
      const count = readSync(descriptor, buffer, 0, Math.min(readSize, size - at), offset + at);
      // It was cut off meanwhile, which its digest tells.
      if (count === 0) return;
      yield buffer.subarray(0, count);
      at += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}
