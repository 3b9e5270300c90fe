import { posix } from 'node:path';
import type { FileNode, Filesystem } from './filesystem.ts';
import type { LayerEntry } from './layer.ts';
import type { ResolvedUser } from './user.ts';

const bits = { read: 4, write: 2, execute: 1 } as const;

/**
 * Whether the mode of a file lets a user do something with it (path_resolution(7)). Root may do what it likes,
 * but execute what nobody may. An unknown user counts as root: another rule says that there is none.
 */
export function mayDo(
  what: keyof typeof bits,
  { mode, uid, gid, type }: LayerEntry,
  user: ResolvedUser | undefined,
): boolean {
  const bit = bits[what];
  if (!user || user.uid === 0) {
    return what !== 'execute' || type === 'directory' || (mode & 0o111) !== 0;
  }
  if (user.uid === uid) return (mode & (bit << 6)) !== 0;
  return (mode & (user.groups.includes(gid) ? bit << 3 : bit)) !== 0;
}

/** The first folder above a file that a user may not pass through. */
export function closedFolder(
  filesystem: Filesystem,
  path: string,
  user: ResolvedUser | undefined,
): FileNode | undefined {
  for (const folder of foldersAbove(path)) {
    const node = filesystem.lookup(folder);
    if (node && !mayDo('execute', node.entry, user)) return node;
  }
  return undefined;
}

/** From the root down. */
function foldersAbove(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === '.' || parent === '/' ? [] : [...foldersAbove(parent), parent];
}
