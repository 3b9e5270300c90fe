import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { systemCode, writeFault, writeReason } from '../../core/fault.ts';
import { type Content, type Extent, extentOf } from './repository.ts';

/** Content whose size and digest are known, as often as it is asked for. */
export interface Spooled extends AsyncDisposable {
  readonly extent: Extent;
  content(): AsyncIterable<Uint8Array>;
}

const memoryBytes = 8 * 1024 * 1024;

/**
 * Reads a stream to its end: small ones into memory, others into a file that has no name any more
 * when this resolves, so that nothing of it outlives the process.
 * @throws Fault `output-unwritable` when the temporary folder is full; the source's own error
 */
export async function spool(source: Content): Promise<Spooled> {
  if (source instanceof Uint8Array) return held(source);
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  let file: Awaited<ReturnType<typeof open>> | undefined;
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      hash.update(chunk);
      if (!file && size > memoryBytes) {
        file = await namelessFile();
        for (const early of kept.splice(0)) await writeAll(file, early);
      }
      if (file) await writeAll(file, chunk);
      else kept.push(chunk);
    }
  } catch (error) {
    await file?.close();
    throw writeReason(error) === undefined
      ? error
      : writeFault('output-unwritable', tmpdir(), error);
  }
  const extent = { size, sha256: hash.digest('hex') };
  return {
    extent,
    content: () =>
      file ? createReadStream('', { fd: file, start: 0, autoClose: false }) : yielding(kept),
    async [Symbol.asyncDispose]() {
      await file?.close();
    },
  };
}

const held = (content: Uint8Array): Spooled => ({
  extent: extentOf(content),
  content: () => yielding([content]),
  [Symbol.asyncDispose]: async () => undefined,
});

/** Content in a file that programs of this user can open, as often as they like, while this one lives. */
export interface SpooledFile extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes a stream to a file without a name.
 * @param size bytes that it will have
 * @returns undefined, with nothing read, where there is no such place, or it would take more than half
 *   of what is free there: temporary folders are often memory
 * @throws the source's own error; Fault `output-unwritable`
 */
export async function spoolFile(
  size: number,
  source: () => Readable,
): Promise<SpooledFile | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { bavail, bsize } = await statfs(tmpdir());
  if (size > (bavail * bsize) / 2) return undefined;
  const file = await namelessFile();
  try {
    for await (const chunk of source()) await writeAll(file, chunk);
  } catch (error) {
    await file.close();
    throw writeReason(error) === undefined
      ? error
      : writeFault('output-unwritable', tmpdir(), error);
  }
  return {
    path: `/proc/${process.pid}/fd/${file.fd}`,
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/** Linux' O_TMPFILE (asm-generic/fcntl.h), which Node does not name. */
const neverNamed = 0o20000000 | constants.O_DIRECTORY;

/** One that has no name at any time, where the file system can: a run may be killed between any two calls. */
async function namelessFile() {
  if (process.platform === 'linux') {
    try {
      const flags = constants.O_RDWR | constants.O_EXCL | neverNamed;
      return await open(tmpdir(), flags, 0o600);
    } catch (error) {
      if (!/^(?:EOPNOTSUPP|ENOTSUP|EISDIR|EINVAL)$/.test(systemCode(error) ?? '')) throw error;
    }
  }
  const path = join(tmpdir(), `deploycheck-spool-${randomBytes(8).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at)).bytesWritten;
  }
}

async function* yielding(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
