import { type FileHandle, open, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import type { BlobRange, ImageFiles } from './blobs.ts';
import { isPacked } from './codec.ts';
import { createTarParser, TarError } from './tar.ts';

/** A folder or file on disk that holds images. */
export interface DiskPlace {
  /** As messages name it. */
  readonly path: string;
  readonly absolute: string;
}

/** Unpacks an archive that is compressed as a whole, to a file that can be read at any place. */
export type UnpackWhole = (place: DiskPlace) => Promise<string>;

/** @throws Fault `image-unreadable` when there is neither a folder nor a tar archive. */
export async function openFiles(
  place: DiskPlace,
  unpackWhole: UnpackWhole,
  signal: AbortSignal,
): Promise<ImageFiles> {
  const info = await stat(place.absolute);
  if (info.isDirectory()) return { locate: (name) => locateInFolder(place.absolute, name) };
  if (!info.isFile()) {
    throw new Fault('image-unreadable', `${place.path}: neither a folder nor a file`);
  }
  const absolute = isPacked(await headOf(place.absolute))
    ? await unpackWhole(place)
    : place.absolute;
  const index = await indexArchive({ ...place, absolute }, signal);
  return { locate: async (name) => index.get(name) };
}

async function headOf(file: string): Promise<Uint8Array> {
  await using handle: FileHandle = await open(file);
  const head = Buffer.alloc(4);
  await handle.read(head, 0, head.length, 0);
  return head;
}

async function locateInFolder(folder: string, name: string): Promise<BlobRange | undefined> {
  // A name is part of what an image says, and must not lead out of its folder.
  const inside = posix.normalize(name);
  if (inside.startsWith('..') || posix.isAbsolute(inside)) return undefined;
  const file = join(folder, inside);
  try {
    const info = await stat(file);
    return info.isFile() ? { file, offset: 0, size: info.size } : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw new Fault('image-unreadable', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** An image holds a few hundred blobs; more entries than this are an attack or a mistake. */
const maxEntries = 100_000;

/** Characters of all names together. */
const maxNames = 16 * 1024 * 1024;

/** Where each file of the archive lies; headers are read and contents passed over. */
async function indexArchive(
  { path, absolute: file }: DiskPlace,
  signal: AbortSignal,
): Promise<Map<string, BlobRange>> {
  const { size } = await stat(file);
  const index = new Map<string, BlobRange>();
  /** Old `docker save` stores a layer that comes twice as a link to the first. */
  const links = new Map<string, string>();
  let offset = 0;
  let entries = 0;
  let names = 0;
  const parser = createTarParser({
    entry(entry) {
      entries += 1;
      names += entry.path.length + entry.linkname.length;
      if (entries > maxEntries || names > maxNames) throw new TarError('too many entries');
      const name = memberName(entry.path);
      // tar stores the second name of a file that has two as a link to the first.
      const linked = entry.type === 'hardlink' ? index.get(memberName(entry.linkname)) : undefined;
      const bytes = Math.max(0, Math.min(entry.size, size - offset));
      if (linked) index.set(name, linked);
      else if (entry.type === 'symlink')
        links.set(name, posix.join(posix.dirname(name), entry.linkname));
      else if (entry.type === 'file')
        index.set(name, { file, offset, size: bytes, stated: entry.size });
    },
    data() {},
    end() {},
  });
  const block = Buffer.alloc(512);
  await using handle: FileHandle = await open(file);
  try {
    while (offset < size) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(block, 0, block.length, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      parser.write(block.subarray(0, bytesRead));
      offset += parser.skipData();
    }
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    throw new Fault('image-unreadable', `${path}: no tar archive (${error.message})`, {
      cause: error,
    });
  }
  for (const [name, target] of links) {
    const range = index.get(target);
    if (range) index.set(name, range);
  }
  if (offset > size && !index.has('index.json') && !index.has('manifest.json')) {
    throw new Fault('image-damaged', `${path}: the archive is cut off before its index`);
  }
  return index;
}

function memberName(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '');
}
