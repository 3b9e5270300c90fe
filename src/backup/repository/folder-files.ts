import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { Fault, messageOf, systemCode, writeReason } from '../../core/fault.ts';
import { repositoryFolders, type StoredEntry } from './repository.ts';

const chunkBytes = 256 * 1024;

/** The stream of a FileHandle would close it, and it has to be synced first. */
export function toHandle(file: Pick<FileHandle, 'write' | 'writev'>): Writable {
  const whole = async (chunk: Uint8Array) => {
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
  };
  const all = async (chunks: readonly Buffer[]) => {
    let { bytesWritten: written } = await file.writev(chunks);
    for (const chunk of chunks) {
      if (written < chunk.length) await whole(chunk.subarray(written));
      written = Math.max(0, written - chunk.length);
    }
  };
  return new Writable({
    write: (chunk: Buffer, _, done) => void whole(chunk).then(() => done(), done),
    writev: (entries, done) => void all(entries.map(({ chunk }) => chunk)).then(() => done(), done),
  });
}

/** Links are not followed: one in the place of a file would lead out of the repository. */
export async function* chunksOf(
  root: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using handle = await reading(root, signal, () => open(path, flags));
  for (;;) {
    const { bytesRead, buffer } = await reading(root, signal, () =>
      handle.read(Buffer.allocUnsafe(chunkBytes)),
    );
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

export async function* walk(
  root: string,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<StoredEntry> {
  signal.throwIfAborted();
  const entries = await reading(root, signal, () =>
    absent(() => readdir(join(root, prefix), { withFileTypes: true })),
  );
  for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = `${prefix}${entry.name}`;
    if (`${key}/` === repositoryFolders.partial) continue;
    if (entry.isDirectory()) yield* walk(root, `${key}/`, signal);
    else {
      const info = await absent(() => lstat(join(root, key)));
      if (info) yield { key, size: info.size };
    }
  }
}

/** Folders that became empty go, too: a set that was given up leaves no trace. */
export async function removeFile(root: string, path: string): Promise<void> {
  await rm(path, { force: true });
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

/**
 * Makes a folder and those above it. Node's own never returns where a file system such as /proc
 * answers that a parent is missing which is there.
 * @returns the topmost folder that is new; undefined when none is
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  let above: string | undefined;
  for (const retried of [false, true]) {
    try {
      await mkdir(path);
      return above ?? path;
    } catch (error) {
      if (systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return above;
      if (systemCode(error) !== 'ENOENT' || retried || path === dirname(path)) throw error;
      above = await makeFolder(dirname(path));
    }
  }
  return above;
}

const linkTries = 5;

/**
 * Gives a file a name in a folder that may not be there yet.
 * @param link throws the errors of link(2)
 * @returns the folders in which a name is new, which a loss of power may undo until they are synced;
 *   undefined when the name is taken
 */
export async function linked(
  path: string,
  link: (path: string) => Promise<void>,
): Promise<readonly string[] | undefined> {
  let made: string | undefined;
  for (let tries = 1; ; tries++) {
    try {
      await link(path);
      return foldersUpTo(dirname(path), made === undefined ? undefined : dirname(made));
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return undefined;
      // It is not there yet, or somebody who cleans up removed it while it was empty.
      if (systemCode(error) !== 'ENOENT' || tries === linkTries) throw error;
      made = await makeFolder(dirname(path));
    }
  }
}

/**
 * A link is durable only when its folder is, and a new folder when the one above is.
 * @param top the first that was there before; undefined when none is new
 */
function foldersUpTo(folder: string, top: string | undefined): string[] {
  const folders = [folder];
  for (let at = folder; top !== undefined && at !== top && at !== dirname(at); ) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}

export async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

export async function absent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Errors of the file system itself; those of the content pass as they are. */
export const writing = async <T>(
  root: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> =>
  explained(signal, work, (error) => {
    const reason = writeReason(error) ?? ioReason(error);
    if (reason === undefined) return undefined;
    return new Fault('repository-unwritable', `file:${root}: ${reason}`, { cause: error });
  });

export const reading = async <T>(
  root: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> =>
  explained(signal, work, (error) =>
    systemCode(error) === undefined
      ? undefined
      : new Fault('repository-unreadable', `file:${root}: ${messageOf(error)}`, { cause: error }),
  );

async function explained<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  faultOf: (error: unknown) => Fault | undefined,
): Promise<T> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const fault = error instanceof Fault ? undefined : faultOf(error);
    throw fault ?? error;
  }
}

const ioReason = (error: unknown): string | undefined =>
  /^(?:EIO|EFBIG|EMLINK|ENOTSUP|EOPNOTSUPP|EXDEV|ELOOP|EISDIR|ENAMETOOLONG)$/.test(
    systemCode(error) ?? '',
  )
    ? messageOf(error)
    : undefined;
