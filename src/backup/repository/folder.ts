import { randomBytes } from 'node:crypto';
import { link, lstat, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileThreads } from './file-threads.ts';
import {
  absent,
  chunksOf,
  linked,
  makeFolder,
  reading,
  removeFile,
  syncFolder,
  walk,
  writing,
} from './folder-files.ts';
import { folderObjects } from './folder-objects.ts';
import { partialFiles } from './folder-partial.ts';
import { checkedKey, type PutOutcome, type Repository, repositoryFolders } from './repository.ts';

/**
 * A repository in a folder. Content is written under `partial/`, synced, and linked to its name,
 * which fails when the name is taken; so no reader ever sees half a file, and nothing is overwritten.
 * @param root absolute path; made when it is not there
 */
export function folderRepository(root: string): Repository {
  const pathOf = (key: string) => join(root, checkedKey(key));
  const partial = join(root, repositoryFolders.partial);
  const threads = fileThreads();
  const files = partialFiles(partial, threads);

  const publishAs =
    (path: string) =>
    async (file: string): Promise<Pick<PutOutcome, 'outcome'>> => {
      const folders = await linked(path, (as) => link(file, as));
      for (const folder of folders ?? []) await syncFolder(folder);
      return { outcome: folders ? 'stored' : 'exists' };
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
      writing(root, signal, () => files.write(content, owner, publishAs(pathOf(key)), signal)),
    ...folderObjects(root, files, threads),
    get: (key, signal) =>
      reading(root, signal, async () => {
        const path = pathOf(key);
        const info = await absent(() => lstat(path));
        if (!info?.isFile()) return undefined;
        return Readable.from(chunksOf(root, path, signal), { objectMode: false });
      }),
    stat: (key, signal) =>
      reading(root, signal, async () => {
        const size = await threads.run({ do: 'size', path: pathOf(key) });
        return size === null ? undefined : { key, size };
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
    close: () => threads.close(),
  };
}
