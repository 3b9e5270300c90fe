import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256Hex, sumsText } from '../../core/digest.ts';
import { Fault, systemCode } from '../../core/fault.ts';
import type { Target } from '../../core/target.ts';
import { type WalkedFile, walkFiles } from '../../core/walk.ts';
import { createScanner, type ScanResult, scanBytes } from './scan.ts';

export interface ScannedFile {
  /** Relative to the root, with `/` between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly secrets: ScanResult;
}

/** What lay below the paths and was not read. */
export interface UnreadFile {
  readonly path: string;
  readonly why: string;
}

/**
 * Files by path and content. They are hashed and scanned in the same reading, so a finding is about
 * the very bytes the digest names.
 */
export interface FileSet extends Target {
  readonly kind: 'fileSet';
  readonly files: readonly ScannedFile[];
  /** The text `sha256sum --check` reads; the target's digest is its SHA-256. */
  readonly listing: string;
  readonly unread: readonly UnreadFile[];
}

export interface LoadFilesOptions {
  readonly paths: readonly string[];
  /** Paths are relative to this folder. */
  readonly root: string;
  readonly signal: AbortSignal;
}

const ignoreFolders = ['.git', 'node_modules', '.deploycheck'];

/** Bytes read at once; one buffer serves all files. */
const chunkSize = 256 * 1024;

/**
 * Reads every file at and below the paths once. Memory does not grow with the size of a file.
 * @throws Fault `input-missing`, `input-empty`, `input-too-large`; the signal's reason.
 */
export async function loadFiles(options: LoadFilesOptions): Promise<FileSet> {
  const skipped: UnreadFile[] = [];
  const walked = await walkFiles(options.paths, {
    root: options.root,
    signal: options.signal,
    ignoreFolders,
    onSkipped: (path, why) => skipped.push({ path, why }),
  });
  if (walked.length === 0) {
    throw new Fault('input-empty', `no files below ${options.paths.join(', ') || 'no path'}`);
  }
  const unread = await withoutLinks(skipped, options.root);
  const buffer = Buffer.allocUnsafe(chunkSize);
  const files: ScannedFile[] = [];
  for (const file of walked) {
    try {
      files.push(await readFile(file, buffer, options.signal));
    } catch (error) {
      options.signal.throwIfAborted();
      const code = systemCode(error);
      if (code === undefined) throw error;
      unread.push({ path: file.path, why: `could not be read: ${code}` });
    }
  }
  return fileSet(options.paths.join(', '), files, unread);
}

/** A link has no content of its own: what it names is in the set by itself, or not part of it. */
async function withoutLinks(skipped: readonly UnreadFile[], root: string): Promise<UnreadFile[]> {
  const isLink = async ({ path }: UnreadFile) => (await lstat(join(root, path))).isSymbolicLink();
  const links = await Promise.all(skipped.map((entry) => isLink(entry).catch(() => false)));
  return skipped.filter((_, index) => !links[index]);
}

/** A set of one file that exists only as text. */
export function fileSetOfText(path: string, text: string): FileSet {
  const secrets = scanBytes(text);
  const size = Buffer.byteLength(text);
  return fileSet(path, [{ path, size, sha256: sha256Hex(text), secrets }], []);
}

function fileSet(
  name: string,
  files: readonly ScannedFile[],
  unread: readonly UnreadFile[],
): FileSet {
  const listing = sumsText(files);
  return { kind: 'fileSet', name, source: name, digest: sha256(listing), files, listing, unread };
}

async function readFile(
  file: WalkedFile,
  buffer: Buffer,
  signal: AbortSignal,
): Promise<ScannedFile> {
  const hash = createHash('sha256');
  const scanner = createScanner();
  let size = 0;
  await using handle: FileHandle = await open(file.absolute);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, buffer.length);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    scanner.feed(chunk);
    size += bytesRead;
  }
  return { path: file.path, size, sha256: hash.digest('hex'), secrets: scanner.end() };
}
