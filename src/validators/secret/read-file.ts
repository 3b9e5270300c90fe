import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../../core/fault.ts';
import type { AllowList } from './allow/allow-list.ts';
import { createScanner, type ScanResult, scanBytes } from './scan.ts';

export interface ScannedFile {
  /** Relative to the root, with `/` between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly secrets: ScanResult;
}

/** What lay below the paths and was not read. */
export interface UnreadFile {
  readonly path: string;
  readonly why: string;
}

/** Bytes read at once; what fits is scanned where it lies. One buffer serves all files of a thread. */
const chunkSize = 1024 * 1024;

let buffer: Buffer | undefined;

export interface FileToRead {
  readonly path: string;
  readonly absolute: string;
}

/**
 * Reads a file once, for its digest and its secrets: a finding is about the very bytes the digest names.
 * Memory does not grow with its size. Nothing waits: the calls of the system are shorter than a promise.
 * @param allow what marks hits as allowed
 * @throws what `stop` throws, asked before each chunk
 */
export function readFile(
  { path, absolute }: FileToRead,
  allow: readonly AllowList[],
  stop: () => void,
): ScannedFile | UnreadFile {
  buffer ??= Buffer.allocUnsafe(chunkSize);
  let handle: number | undefined;
  try {
    // A file may have become a pipe since it was listed, and a pipe would be waited for.
    handle = openSync(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(handle).isFile()) return { path, why: 'not a file' };
    const first = fill(handle, buffer);
    if (first < buffer.length) {
      const bytes = buffer.subarray(0, first);
      const secrets = scanBytes(bytes, { path, allow });
      return { path, size: first, sha256: hash('sha256', bytes, 'hex'), secrets };
    }
    return readOn(path, handle, buffer, allow, stop);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return { path, why: `could not be read: ${code}` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** The rest of a file of which the buffer holds the beginning. */
function readOn(
  path: string,
  handle: number,
  chunk: Buffer,
  allow: readonly AllowList[],
  stop: () => void,
): ScannedFile {
  const digest = createHash('sha256');
  const scanner = createScanner({ path, allow });
  let size = 0;
  for (let count = chunk.length; count > 0; count = fill(handle, chunk)) {
    stop();
    const bytes = chunk.subarray(0, count);
    digest.update(bytes);
    scanner.feed(bytes);
    size += count;
  }
  return { path, size, sha256: digest.digest('hex'), secrets: scanner.end() };
}

/** Reads until the buffer is full or the file at its end, because a read may give less than was asked for. */
function fill(handle: number, into: Buffer): number {
  let filled = 0;
  while (filled < into.length) {
    const count = readSync(handle, into, filled, into.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
