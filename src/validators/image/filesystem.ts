import { posix } from 'node:path';
import type { Layer, LayerEntry } from './layer.ts';

/** A name in the merged filesystem, and where its content lies. */
export interface FileNode {
  readonly path: string;
  /** Of a hard link, the file it shares. */
  readonly entry: LayerEntry;
  /** Index of the layer that holds the content, and of the entry in it. */
  readonly layer: number;
  readonly index: number;
}

/** An entry that no container sees, though the layer still carries it. */
export interface HiddenEntry {
  readonly layer: number;
  readonly index: number;
  /** Index of the layer that hid it. */
  readonly by: number;
  readonly how: 'deleted' | 'overwritten';
}

export interface Filesystem {
  /**
   * The node a path leads to, through symbolic links as the kernel follows them inside a container:
   * `..` stops at the root, at most 40 links.
   */
  lookup(path: string): FileNode | undefined;
  /** Every name, folders included, in depth-first order. */
  nodes(): Iterable<FileNode>;
  readonly hidden: readonly HiddenEntry[];
}

interface Node {
  placed: Placed | undefined;
  readonly children: Map<string, Node>;
}

interface Placed {
  readonly entry: LayerEntry;
  readonly layer: number;
  readonly index: number;
}

/** path_resolution(7): more links than this are a loop. */
const maxLinks = 40;

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * Applies the layers from the lowest up, as
 * https://github.com/opencontainers/image-spec/blob/main/layer.md asks: a whiteout hides lower layers only,
 * wherever in its own layer it stands, so all of a layer's whiteouts come first.
 */
export function mergeLayers(layers: readonly Layer[]): Filesystem {
  const root = newNode();
  const hidden: HiddenEntry[] = [];

  layers.forEach((layer, number) => {
    for (const { path } of layer.entries) applyWhiteout(root, path, number, hidden);
    layer.entries.forEach((entry, index) => {
      if (isWhiteout(entry.path)) return;
      place(root, { entry, layer: number, index }, hidden);
    });
  });

  return {
    hidden,
    lookup(path) {
      const found = resolve(root, path);
      return found?.node.placed && { path: found.path, ...found.node.placed };
    },
    nodes: () => walk(root, ''),
  };
}

function newNode(): Node {
  return { placed: undefined, children: new Map() };
}

function isWhiteout(path: string): boolean {
  return posix.basename(path).startsWith(whiteout);
}

function applyWhiteout(root: Node, path: string, by: number, hidden: HiddenEntry[]): void {
  const name = posix.basename(path);
  if (!name.startsWith(whiteout)) return;
  const folder = resolve(root, parentOf(path))?.node;
  if (!folder) return;
  if (name === opaque) {
    for (const child of folder.children.values()) hide(child, by, 'deleted', hidden);
    folder.children.clear();
    return;
  }
  const victim = name.slice(whiteout.length);
  const node = folder.children.get(victim);
  if (node) hide(node, by, 'deleted', hidden);
  folder.children.delete(victim);
}

function place(root: Node, placed: Placed, hidden: HiddenEntry[]): void {
  const { entry, layer } = placed;
  if (entry.path === '') {
    root.placed = placed;
    return;
  }
  const folder = makeFolder(root, parentOf(entry.path), layer, hidden);
  const name = posix.basename(entry.path);
  const before = folder.children.get(name);
  const target = entry.type === 'hardlink' ? resolveLink(root, entry.linkname) : placed;
  // A link to a file that is not there cannot be made, so the name stays as it was.
  if (!target) return;
  if (entry.type === 'directory' && before?.placed?.entry.type === 'directory') {
    before.placed = placed;
    return;
  }
  if (before) hide(before, layer, 'overwritten', hidden);
  folder.children.set(name, { placed: target, children: new Map() });
}

/** A hard link names the link itself when its target is a symbolic one. */
function resolveLink(root: Node, path: string): Placed | undefined {
  return resolve(root, parentOf(path))?.node.children.get(posix.basename(path))?.placed;
}

/** The folder at a path; what of it no layer has is made, and a file in the way gives way. */
function makeFolder(root: Node, path: string, layer: number, hidden: HiddenEntry[]): Node {
  let node = root;
  let reached = '';
  for (const name of path.split('/')) {
    if (name === '') continue;
    reached = `${reached}/${name}`;
    const inTheWay = node.children.get(name);
    // Only a link, or a name with dots, has to be followed from the root.
    const existing = inTheWay && !isLink(inTheWay) ? inTheWay : resolve(root, reached)?.node;
    if (existing && (!existing.placed || existing.placed.entry.type === 'directory')) {
      node = existing;
      continue;
    }
    if (inTheWay) hide(inTheWay, layer, 'overwritten', hidden);
    const made = newNode();
    node.children.set(name, made);
    node = made;
  }
  return node;
}

function isLink({ placed }: Node): boolean {
  return placed?.entry.type === 'symlink';
}

function hide(node: Node, by: number, how: HiddenEntry['how'], hidden: HiddenEntry[]): void {
  if (node.placed) hidden.push({ layer: node.placed.layer, index: node.placed.index, by, how });
  for (const child of node.children.values()) hide(child, by, how, hidden);
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}

function resolve(root: Node, path: string): { node: Node; path: string } | undefined {
  const names = path.split('/').reverse();
  const trail: { name: string; node: Node }[] = [];
  let node = root;
  let links = 0;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      trail.pop();
      node = trail.at(-1)?.node ?? root;
      continue;
    }
    const child = node.children.get(name);
    if (!child) return undefined;
    const entry = child.placed?.entry;
    if (entry?.type !== 'symlink') {
      trail.push({ name, node: child });
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
  return { node, path: trail.map((step) => step.name).join('/') };
}

function* walk(node: Node, path: string): Generator<FileNode> {
  if (node.placed) yield { path, ...node.placed };
  for (const [name, child] of node.children) {
    yield* walk(child, path === '' ? name : `${path}/${name}`);
  }
}
