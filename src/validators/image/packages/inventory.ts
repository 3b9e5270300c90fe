import type { Image } from '../image.ts';
import type { InstalledPackage } from './package.ts';

/** Which packages an image holds, by its own files. */
export interface Inventory {
  /** Each name and version of a type once, sorted. */
  readonly packages: readonly InstalledPackage[];
  /** Files that list packages and could not be read. */
  readonly unread: readonly { readonly path: string; readonly why: string }[];
}

/** What the merged file system shows; a database that a later layer rewrote counts as it is last. */
export function inventoryOf(image: Pick<Image, 'filesystem' | 'layers'>): Inventory {
  const packages = new Map<string, InstalledPackage>();
  const unread: { path: string; why: string }[] = [];
  for (const { path, layer, index, entry } of image.filesystem.nodes()) {
    const list = image.layers[layer]?.packages.get(index);
    // SQLite keeps what it has not yet written into the database in a file beside it.
    if (path.endsWith('/rpmdb.sqlite-wal') && entry.size > 0) {
      unread.push({ path, why: 'changes of the database of rpm that it does not hold yet' });
    }
    if (!list) continue;
    for (const one of list.packages) packages.set(`${one.type} ${one.name} ${one.version}`, one);
    if (list.unread !== null) unread.push({ path, why: list.unread });
  }
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1));
  return { packages: sorted.map(([, one]) => one), unread };
}
