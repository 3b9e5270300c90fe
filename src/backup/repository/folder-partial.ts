import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCode } from '../../core/fault.ts';
import { meter } from '../meter.ts';
import type { FileThreads } from './file-threads.ts';
import { makeFolder, toHandle } from './folder-files.ts';
import { checkedKey, type Extent } from './repository.ts';

/** Where files are written before they have their name. */
export interface PartialFiles {
  /** Writes and syncs a file, hands it to `publish`, and removes it again. */
  write<T>(
    content: AsyncIterable<Uint8Array>,
    owner: string,
    publish: (file: string, extent: Extent) => Promise<T>,
    signal: AbortSignal,
  ): Promise<Extent & T>;
  /**
   * Writes and syncs content that is small, which its caller publishes or drops.
   * @returns undefined when there is a file `unless`, and nothing was written
   */
  stage(content: Uint8Array, owner: string, unless: string): Promise<string | undefined>;
  publish(file: string, as: string): Promise<void>;
  drop(file: string): Promise<void>;
}

/** @param folder absolute path; made when it is not there */
export function partialFiles(folder: string, threads: FileThreads): PartialFiles {
  const nameOf = (owner: string) =>
    join(folder, `${checkedKey(owner)}.${randomBytes(6).toString('hex')}`);

  /** The folder is there already, but for the first time. */
  const inFolder = async <T>(write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      await makeFolder(folder);
      return await write();
    }
  };

  return {
    async write(content, owner, publish, signal) {
      const path = nameOf(owner);
      const measured = meter();
      try {
        await using handle: FileHandle = await inFolder(() => open(path, 'wx', 0o600));
        await pipeline(content, measured, toHandle(handle), { signal });
        await handle.sync();
        const extent = measured.extent();
        return { ...extent, ...(await publish(path, extent)) };
      } finally {
        await rm(path, { force: true });
      }
    },
    async stage(content, owner, unless) {
      const path = nameOf(owner);
      const there = await inFolder(() => threads.run({ do: 'write', path, content, unless }));
      return there === null ? path : undefined;
    },
    async publish(path, as) {
      await threads.run({ do: 'publish', path, as });
    },
    async drop(path) {
      await threads.run({ do: 'remove', path });
    },
  };
}
