import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** The files of a folder, by their path below it. */
export type Tree = ReadonlyMap<string, Buffer>;

/** What a path is changed to: other content, nothing, a folder, or a link to a copy of what it held. */
export type Content = Buffer | null | 'folder' | 'link';
export type Changes = ReadonlyMap<string, Content>;

export async function readTree(root: string): Promise<Tree> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const tree = new Map<string, Buffer>();
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const path = join(parentPath, name);
    tree.set(relative(root, path), await readFile(path));
  }
  return tree;
}

/** Makes changes below a folder, which are undone when this is disposed. */
export async function changed(
  root: string,
  tree: Tree,
  changes: Changes,
): Promise<AsyncDisposable> {
  const away = `${root}-linked`;
  for (const [path, content] of changes) {
    const at = join(root, path);
    await rm(at, { force: true });
    if (content === null) continue;
    await mkdir(dirname(at), { recursive: true });
    if (content === 'folder') await mkdir(at);
    else if (content === 'link') {
      await writeFile(away, tree.get(path) ?? '');
      await symlink(away, at);
    } else await writeFile(at, content);
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const path of changes.keys()) {
        const at = join(root, path);
        await rm(at, { recursive: true, force: true });
        const before = tree.get(path);
        if (before) await writeFile(at, before);
        else await rmEmpty(dirname(at), root);
      }
      await rm(away, { force: true });
    },
  };
}

async function rmEmpty(folder: string, root: string): Promise<void> {
  if (folder === root || !(await lstat(folder).catch(() => undefined))) return;
  if ((await readdir(folder)).length > 0) return;
  await rm(folder, { recursive: true });
  await rmEmpty(dirname(folder), root);
}
