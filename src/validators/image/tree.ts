import type { LayerEntry } from './layer.ts';

/** A name, and the names below it. */
export interface Node {
  /** From the root, through no link. */
  readonly path: string;
  placed: Placed | undefined;
  /** The layer that named it last; the first that is there when it is only implied. */
  by: number;
  /** Made with the first of them: most names are files. */
  children: Map<string, Node> | undefined;
}

/** A file, which its names share. */
export interface Placed {
  entry: LayerEntry;
  readonly layer: number;
  readonly index: number;
}

/** path_resolution(7): more links than this are a loop. */
export const maxLinks = 40;

export function newNode(path: string, by: number): Node {
  return { path, placed: undefined, by, children: undefined };
}

export function pathBelow(folder: Node, name: string): string {
  return folder.path === '' ? name : `${folder.path}/${name}`;
}

export function addChild(node: Node, name: string, child: Node): void {
  node.children ??= new Map();
  node.children.set(name, child);
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Follows symbolic links on the way and at its end. */
export function resolve(root: Node, path: string): Node | undefined {
  const names = path.split('/').reverse();
  const trail: Node[] = [];
  let node = root;
  let links = 0;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      trail.pop();
      node = trail.at(-1) ?? root;
      continue;
    }
    const child = node.children?.get(name);
    if (!child) return undefined;
    const entry = child.placed?.entry;
    if (entry?.type !== 'symlink') {
      trail.push(child);
      node = child;
      continue;
    }
    if (++links > maxLinks) return undefined;
    if (entry.linkname.startsWith('/')) {
      trail.length = 0;
      node = root;
    }
    names.push(...entry.linkname.split('/').reverse());
  }
  return node;
}
