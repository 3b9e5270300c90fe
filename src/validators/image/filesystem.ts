import type { Layer, LayerEntry } from './layer.ts';
import {
  addChild,
  maxLinks,
  type Node,
  nameOf,
  newNode,
  type Placed,
  parentOf,
  pathBelow,
  resolve,
} from './tree.ts';

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

interface Merge {
  readonly root: Node;
  readonly hidden: HiddenEntry[];
  /** The layer that is applied. */
  readonly layer: number;
  /** The folder of the entry before, as most entries are in the same; forgotten when anything gives way. */
  recent: { readonly path: string; readonly folder: Node } | undefined;
}

const maxDepth = 512;

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * Applies the layers from the lowest up, as
 * https://github.com/opencontainers/image-spec/blob/main/layer.md asks and as the overlay file system of
 * engines shows them: each layer is unpacked by itself, so a link of a lower layer is no way to a folder,
 * and gives way to one. A whiteout hides lower layers only, wherever in its own layer it stands, so all of
 * a layer's whiteouts come last, and leave what the layer itself named.
 */
export function mergeLayers(layers: readonly Layer[]): Filesystem {
  const root = newNode('', 0);
  const hidden: HiddenEntry[] = [];

  layers.forEach(({ entries }, layer) => {
    const merge: Merge = { root, hidden, layer, recent: undefined };
    entries.forEach((entry, index) => {
      if (!isMarker(entry.path)) place(merge, { entry, layer, index });
    });
    for (const { path } of entries) applyWhiteout(merge, path);
  });

  let nodes: FileNode[] | undefined;
  return {
    hidden,
    lookup(path) {
      const found = resolve(root, path);
      return found?.placed && { path: found.path, ...found.placed };
    },
    nodes() {
      if (nodes) return nodes;
      nodes = [];
      walk(root, nodes);
      return nodes;
    },
  };
}

function isMarker(path: string): boolean {
  return path.startsWith(whiteout, path.lastIndexOf('/') + 1);
}

function applyWhiteout(merge: Merge, path: string): void {
  if (!isMarker(path)) return;
  const name = nameOf(path);
  const folder = makeFolder(merge, parentOf(path));
  if (name === opaque) hideBelow(folder, merge);
  else hideLower(folder, name.slice(whiteout.length), merge);
}

/** Of the name and what is below it, what lower layers have. */
function hideLower(folder: Node, name: string, merge: Merge): void {
  const node = folder.children?.get(name);
  if (!node) return;
  merge.recent = undefined;
  hideBelow(node, merge);
  if (node.by === merge.layer) return;
  if (node.placed) merge.hidden.push(hiddenBy(node.placed, merge.layer, 'deleted'));
  if (!node.children?.size) folder.children?.delete(name);
  else node.placed = undefined;
}

function hideBelow(node: Node, merge: Merge): void {
  for (const name of [...(node.children?.keys() ?? [])]) hideLower(node, name, merge);
}

function hiddenBy({ layer, index }: Placed, by: number, how: HiddenEntry['how']): HiddenEntry {
  return { layer, index, by, how };
}

function place(merge: Merge, placed: Placed): void {
  const { entry } = placed;
  const { root, layer } = merge;
  if (entry.path === '') {
    root.placed = placed;
    return;
  }
  const folder = folderOf(merge, entry.path);
  const name = nameOf(entry.path);
  const before = folder.children?.get(name);
  const target = entry.type === 'hardlink' ? linkedFile(root, placed) : placed;
  // A link to a file that is not there cannot be made, so the name stays as it was.
  if (!target) return;
  if (entry.type === 'directory' && before?.placed?.entry.type === 'directory') {
    before.placed = placed;
    before.by = layer;
    return;
  }
  // What was only implied so far keeps what is below it.
  if (entry.type === 'directory' && before && !before.placed) {
    before.placed = placed;
    before.by = layer;
    return;
  }
  if (before) giveWay(before, merge);
  // Most are where their path says, which is a text that is there already.
  const isThere = folder.path === merge.recent?.path;
  const path = isThere ? entry.path : pathBelow(folder, name);
  addChild(folder, name, { path, placed: target, by: layer, children: undefined });
}

/**
 * The file that a hard link shares; a link to a symbolic link shares the link. Engines give a file the
 * owner and mode of the last of its names.
 */
function linkedFile(root: Node, { entry, layer }: Placed): Placed | undefined {
  const { linkname, mode, uid, gid } = entry;
  const folder = resolve(root, parentOf(linkname));
  const target = folder?.children?.get(nameOf(linkname))?.placed;
  if (!target || target.entry.type === 'directory') return undefined;
  const owned = { ...target.entry, mode, uid, gid };
  if (target.layer !== layer) return { ...target, entry: owned };
  target.entry = owned;
  return target;
}

/** The folder that a path is in. */
function folderOf(merge: Merge, path: string): Node {
  const { recent } = merge;
  const end = path.lastIndexOf('/');
  const isSame = recent && recent.path.length === Math.max(0, end) && path.startsWith(recent.path);
  return isSame ? recent.folder : makeFolder(merge, parentOf(path));
}

/** The folder at a path; what of it is not there is made, and what is in the way gives way. */
function makeFolder(merge: Merge, path: string): Node {
  if (merge.recent?.path === path) return merge.recent.folder;
  const folder = makeFolders(merge, path);
  merge.recent = { path, folder };
  return folder;
}

function makeFolders(merge: Merge, path: string): Node {
  const { root, layer } = merge;
  let node = root;
  /** Names of the folders above `node`, which a link may lead back to. */
  let trail: string[] = [];
  const names = path.split('/').reverse();
  let links = 0;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      trail = trail.slice(0, -1);
      node = trail.reduce((at, one) => at.children?.get(one) ?? at, root);
      continue;
    }
    const child = node.children?.get(name);
    if (child?.placed?.entry.type === 'symlink' && child.by === layer && links < maxLinks) {
      links += 1;
      const { linkname } = child.placed.entry;
      if (linkname.startsWith('/')) {
        trail = [];
        node = root;
      }
      names.push(...linkname.split('/').reverse());
      continue;
    }
    // Links can make paths of any length; no kernel takes one that is so long.
    if (trail.length === maxDepth) return node;
    if (child && (!child.placed || child.placed.entry.type === 'directory')) node = child;
    else {
      if (child) giveWay(child, merge);
      const made = newNode(pathBelow(node, name), layer);
      addChild(node, name, made);
      node = made;
    }
    trail.push(name);
  }
  return node;
}

function giveWay(node: Node, merge: Merge): void {
  merge.recent = undefined;
  if (node.placed) merge.hidden.push(hiddenBy(node.placed, merge.layer, 'overwritten'));
  for (const child of node.children?.values() ?? []) giveWay(child, merge);
}

/** Depth first. The names below a folder are many, and the folders above a name are few. */
function walk(node: Node, found: FileNode[]): void {
  if (node.placed) {
    const { entry, layer, index } = node.placed;
    found.push({ path: node.path, entry, layer, index });
  }
  if (!node.children) return;
  for (const child of node.children.values()) walk(child, found);
}
