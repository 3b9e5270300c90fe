import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Files that can be made again, in a folder of the user's own. Each begins with the SHA-256 of name and content,
 * and one that others could have written, or whose sum does not hold, is not taken.
 */
export interface KeptFiles {
  read(name: string): Promise<Uint8Array | undefined>;
  /** Never fails: without a place to keep it, it is made again next time. */
  write(name: string, content: Uint8Array): Promise<void>;
  /** Removes those that were not used for longest, until the rest is within the bounds. */
  trim(): Promise<void>;
}

export interface KeptBounds {
  /** Bytes of all files together. */
  readonly bytes: number;
  readonly files: number;
}

const sumSize = 32;

/** Bytes of one file. */
const maxFile = 128 * 1024 ** 2;

/** Milliseconds after which a file that is being written is one that nobody writes any more. */
const abandonedAfter = 3_600_000;

export function keptFiles(folder: string, bounds: KeptBounds): KeptFiles {
  let written = false;
  return {
    async read(name) {
      const file = join(folder, name);
      const content = await ownContent(folder, name).catch(() => undefined);
      const now = new Date();
      if (content) await utimes(file, now, now).catch(() => undefined);
      return content;
    },

    async write(name, content) {
      if (content.length > maxFile) return;
      const file = join(folder, name);
      const partial = `${file}.${randomUUID()}.tmp`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        {
          await using handle = await open(partial, 'wx', 0o600);
          await handle.writeFile(sumOf(name, content));
          await handle.writeFile(content);
        }
        await rename(partial, file);
        written = true;
      } catch {
        await rm(partial, { force: true }).catch(() => undefined);
      }
    },

    async trim() {
      if (!written) return;
      await trimFolder(folder, bounds).catch(() => undefined);
    },
  };
}

/** Over the name as well, so that no file stands for another. */
function sumOf(name: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\0`).update(content).digest();
}

async function ownContent(folder: string, name: string): Promise<Uint8Array | undefined> {
  await using handle = await open(join(folder, name), 'r');
  const info = await handle.stat();
  const isForeign = process.getuid !== undefined && info.uid !== process.getuid();
  if (isForeign || !info.isFile() || (info.mode & 0o022) !== 0) return undefined;
  if (info.size < sumSize || info.size > maxFile + sumSize) return undefined;
  const bytes = await handle.readFile();
  const content = bytes.subarray(sumSize);
  return sumOf(name, content).equals(bytes.subarray(0, sumSize)) ? content : undefined;
}

async function trimFolder(folder: string, bounds: KeptBounds): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  const now = Date.now();
  let bytes = 0;
  let count = 0;
  for (const { name, size, mtimeMs } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    bytes += size;
    count += 1;
    const isAbandoned = name.endsWith('.tmp') && now - mtimeMs > abandonedAfter;
    if (bytes > bounds.bytes || count > bounds.files || isAbandoned) {
      await rm(join(folder, name), { force: true });
    }
  }
}
