import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { createTarParser, TarError } from './tar.ts';

/** A run of bytes in a file on disk; plain data, so that another thread can read it. */
export interface BlobRange {
  readonly file: string;
  readonly offset: number;
  /** Bytes that are there, which is less than the archive says when it was cut off. */
  readonly size: number;
}

/** The files of an OCI image layout, in a folder or in a tar archive. */
export interface LayoutFiles {
  /** Undefined when there is no regular file of that name. */
  locate(name: string): Promise<BlobRange | undefined>;
}

/** What a reference names: a place on disk, and which of its images. */
export interface ImagePlace {
  /** As the user wrote it, without tag and digest. */
  readonly path: string;
  readonly absolute: string;
  readonly tag?: string;
  readonly digest?: string;
}

/**
 * Understands `oci:PATH`, `oci:PATH:TAG`, `oci:PATH@sha256:…` and the path of something that exists.
 * @throws Fault `input-missing`, `image-source-unsupported`
 */
export async function placeOf(reference: string, root: string): Promise<ImagePlace> {
  if (!reference.startsWith('oci:')) {
    if (await exists(resolve(root, reference))) return placeAt(reference, root);
    throw looksLikeName(reference)
      ? new Fault(
          'image-source-unsupported',
          `${reference}: no such path, and registries are not read`,
        )
      : new Fault('input-missing', `${reference}: no such file or folder`);
  }
  const rest = reference.slice('oci:'.length);
  if (await exists(resolve(root, rest))) return placeAt(rest, root);
  const [, byDigest = '', digest] = /^(.+)@(sha256:[0-9a-f]{64})$/.exec(rest) ?? [];
  if (digest && (await exists(resolve(root, byDigest))))
    return { ...placeAt(byDigest, root), digest };
  const [, byTag = '', tag] = /^(.+):([\w][\w.-]{0,127})$/.exec(rest) ?? [];
  if (tag && (await exists(resolve(root, byTag)))) return { ...placeAt(byTag, root), tag };
  throw new Fault('input-missing', `${rest}: no such file or folder`);
}

function placeAt(path: string, root: string): ImagePlace {
  return { path, absolute: resolve(root, path) };
}

const otherScheme = /^(?:docker|docker-daemon|docker-archive|registry|containers-storage):/;
const registryName =
  /^[a-z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/;

/** A name a registry or an engine would know, or one of the schemes of other tools. */
function looksLikeName(reference: string): boolean {
  if (otherScheme.test(reference)) return true;
  return registryName.test(reference) && !reference.endsWith('.tar');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** @throws Fault `image-unreadable` when there is neither a folder nor an uncompressed tar archive. */
export async function openLayout(place: ImagePlace, signal: AbortSignal): Promise<LayoutFiles> {
  const info = await stat(place.absolute);
  if (info.isDirectory()) return { locate: (name) => locateInFolder(place.absolute, name) };
  if (!info.isFile()) {
    throw new Fault('image-unreadable', `${place.path}: neither a folder nor a file`);
  }
  const index = await indexArchive(place, info.size, signal);
  return { locate: async (name) => index.get(name) };
}

async function locateInFolder(folder: string, name: string): Promise<BlobRange | undefined> {
  const file = join(folder, name);
  try {
    const info = await stat(file);
    return info.isFile() ? { file, offset: 0, size: info.size } : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw new Fault('image-unreadable', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** A layout holds a handful of blobs; more entries than this are an attack or a mistake. */
const maxArchiveEntries = 100_000;

/** Where each file of the archive lies; headers are read and contents passed over. */
async function indexArchive(
  place: ImagePlace,
  size: number,
  signal: AbortSignal,
): Promise<Map<string, BlobRange>> {
  const file = place.absolute;
  const index = new Map<string, BlobRange>();
  let offset = 0;
  const parser = createTarParser({
    entry(entry) {
      if (index.size >= maxArchiveEntries) throw new TarError('too many entries');
      const name = layoutName(entry.path);
      // tar stores the second name of a file that has two as a link to the first.
      const linked = entry.type === 'hardlink' ? index.get(layoutName(entry.linkname)) : undefined;
      const bytes = Math.max(0, Math.min(entry.size, size - offset));
      if (linked) index.set(name, linked);
      else if (entry.type === 'file') index.set(name, { file, offset, size: bytes });
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
    const isGzip = block[0] === 0x1f && block[1] === 0x8b;
    const why = isGzip
      ? 'compressed as a whole; decompress it'
      : `no tar archive (${error.message})`;
    throw new Fault('image-unreadable', `${place.path}: ${why}`, { cause: error });
  }
  if (offset > size && !index.has('index.json')) {
    throw new Fault('image-damaged', `${place.path}: the archive is cut off before its index`);
  }
  return index;
}

function layoutName(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '');
}

/**
 * The bytes of a small file; undefined when there are more than `limit`.
 * @throws Fault `image-unreadable`
 */
export async function readRange(range: BlobRange, limit: number): Promise<Buffer | undefined> {
  if (range.size > limit) return undefined;
  try {
    await using handle: FileHandle = await open(range.file);
    const buffer = Buffer.alloc(range.size);
    const { bytesRead } = await handle.read(buffer, 0, range.size, range.offset);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new Fault('image-unreadable', `${range.file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Bytes read at once from a layer. */
const readSize = 256 * 1024;

export function streamRange(range: BlobRange): AsyncIterable<Uint8Array> {
  if (range.size === 0) return emptyStream();
  return createReadStream(range.file, {
    start: range.offset,
    end: range.offset + range.size - 1,
    highWaterMark: readSize,
  });
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}
