import { randomBytes } from 'node:crypto';
import { link, lstat, open, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemCode } from '../../core/fault.ts';
import { inTurn } from '../in-turn.ts';
import { meter } from '../meter.ts';
import {
  absent,
  chunksOf,
  isFile,
  makeFolder,
  reading,
  removeFile,
  syncUpTo,
  toHandle,
  walk,
  writing,
} from './folder-files.ts';
import {
  checkedKey,
  digestOfObject,
  type Extent,
  isDigestName,
  objectKey,
  type PutOutcome,
  type Repository,
  repositoryFolders,
} from './repository.ts';

const linkTries = 5;

/** With the digest of what is there, when that is another one. */
interface Published {
  readonly outcome: 'stored' | 'exists';
  readonly sha256?: string;
}

/** A whole object of a folder whose objects are all of one content. One that was cut is none. */
async function sameSize(
  root: string,
  folder: string,
  { size }: Extent,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const entry of walk(root, folder, signal)) {
    if (entry.size === size && isDigestName(entry.key)) return entry.key;
  }
  return undefined;
}

/**
 * A repository in a folder. Content is written under `partial/`, synced, and linked to its name,
 * which fails when the name is taken; so no reader ever sees half a file, and nothing is overwritten.
 * @param root absolute path; made when it is not there
 */
export function folderRepository(root: string): Repository {
  const pathOf = (key: string) => join(root, checkedKey(key));
  const partial = join(root, repositoryFolders.partial);
  const storing = inTurn();

  /** Writes content to a name of its own, and hands it to `publish`. */
  const write = async (
    content: AsyncIterable<Uint8Array>,
    owner: string,
    publish: (file: string, extent: Extent) => Promise<Published>,
    signal: AbortSignal,
  ): Promise<PutOutcome> => {
    const file = join(partial, `${checkedKey(owner)}.${randomBytes(6).toString('hex')}`);
    const measured = meter();
    try {
      await using handle = await opened(file);
      await pipeline(content, measured, toHandle(handle), { signal });
      await handle.sync();
      const extent = measured.extent();
      const published = await publish(file, extent);
      return { ...extent, ...published };
    } finally {
      await rm(file, { force: true });
    }
  };

  /** The folder is there already, but for the first time. */
  const opened = async (file: string) => {
    try {
      return await open(file, 'wx', 0o600);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      await makeFolder(partial);
      return await open(file, 'wx', 0o600);
    }
  };

  const publishAs =
    (path: string) =>
    async (file: string): Promise<Published> => {
      let made: string | undefined;
      for (let tries = 1; ; tries++) {
        try {
          await link(file, path);
          await syncUpTo(dirname(path), made === undefined ? undefined : dirname(made));
          return { outcome: 'stored' };
        } catch (error) {
          if (systemCode(error) === 'EEXIST') return { outcome: 'exists' };
          // It is not there yet, or somebody who cleans up removed it while it was empty.
          if (systemCode(error) !== 'ENOENT' || tries === linkTries) throw error;
          made = await makeFolder(dirname(path));
        }
      }
    };

  return {
    place: `file:${root}`,
    check: (signal) =>
      writing(root, signal, async () => {
        await makeFolder(partial);
        const probe = join(partial, `probe.${randomBytes(6).toString('hex')}`);
        try {
          await writeFile(probe, 'probe', { flag: 'wx' });
          // The one thing that some file systems lack, and that publishing rests on.
          await link(probe, `${probe}.link`);
        } finally {
          await rm(`${probe}.link`, { force: true });
          await rm(probe, { force: true });
        }
        const { bavail, bsize } = await statfs(root);
        return { freeBytes: bavail * bsize };
      }),
    put: (key, content, { owner }, signal) =>
      writing(root, signal, () => write(content, owner, publishAs(pathOf(key)), signal)),
    putAddressed: (content, { owner, announce, folder }, signal) =>
      writing(root, signal, async () => {
        let key = '';
        const publish = async (file: string, extent: Extent): Promise<Published> => {
          const within = folder?.();
          // Equal contents that come at once: encrypted, they have names of their own.
          return storing<Published>(within ?? extent.sha256, async () => {
            const there =
              within === undefined ? undefined : await sameSize(root, within, extent, signal);
            if (there !== undefined) {
              key = there;
              return { outcome: 'exists', sha256: digestOfObject(there) };
            }
            key = within === undefined ? objectKey(extent.sha256) : within + extent.sha256;
            if (await isFile(pathOf(key))) return { outcome: 'exists' };
            await announce(key);
            return publishAs(pathOf(key))(file);
          });
        };
        const outcome = await write(content, owner, publish, signal);
        return { ...outcome, key };
      }),
    get: (key, signal) =>
      reading(root, signal, async () => {
        const path = pathOf(key);
        const info = await absent(() => lstat(path));
        if (!info?.isFile()) return undefined;
        return Readable.from(chunksOf(root, path, signal), { objectMode: false });
      }),
    stat: (key, signal) =>
      reading(root, signal, async () => {
        const info = await absent(() => lstat(pathOf(key)));
        return info?.isFile() ? { key, size: info.size } : undefined;
      }),
    list: (prefix, signal) => walk(root, prefix, signal),
    remove: (key, signal) => writing(root, signal, () => removeFile(root, pathOf(key))),
    discard: (owner, signal) =>
      writing(root, signal, async () => {
        const names = (await absent(() => readdir(partial))) ?? [];
        for (const name of names) {
          if (name.startsWith(`${owner}.`)) await rm(join(partial, name), { force: true });
        }
      }),
    close: () => undefined,
  };
}
