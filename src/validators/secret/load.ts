import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256Hex, sumsText } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Target } from '../../core/target.ts';
import { walkFiles } from '../../core/walk.ts';
import type { AllowList } from './allow/allow-list.ts';
import { type Allowance, noAllowance, readAllowance } from './allow/read-allowance.ts';
import { scanFiles } from './file-pool.ts';
import type { History } from './history.ts';
import { withCertificatesBeside } from './key-pairs.ts';
import type { ScannedFile, UnreadFile } from './read-file.ts';
import { scanBytes } from './scan.ts';

/** Files by path and content. */
export interface FileSet extends Target {
  readonly kind: 'fileSet';
  readonly files: readonly ScannedFile[];
  /** The text `sha256sum --check` reads; the target's digest is its SHA-256. */
  readonly listing: string;
  readonly unread: readonly UnreadFile[];
  /** What the files of gitleaks at the root allow. */
  readonly allowance: Allowance;
  /** What the history of the repository holds, when it was asked for. */
  readonly history?: History;
}

export interface LoadFilesOptions {
  readonly paths: readonly string[];
  /** Paths are relative to this folder. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Reads the history of the repository that the root belongs to. */
  readonly history?: (allow: readonly AllowList[]) => Promise<History>;
}

const ignoreFolders = ['.git', 'node_modules', '.deploycheck'];

/**
 * Reads every file at and below the paths once. Memory does not grow with the size of a file.
 * @throws Fault `input-missing`, `input-empty`, `input-too-large`; the signal's reason.
 */
export async function loadFiles(options: LoadFilesOptions): Promise<FileSet> {
  const { paths, root, signal } = options;
  const skipped: UnreadFile[] = [];
  const walked = await walkFiles(paths, {
    ...{ root, signal, ignoreFolders },
    onSkipped: (path, why) => skipped.push({ path, why }),
  });
  if (walked.length === 0) {
    throw new Fault('input-empty', `no files below ${paths.join(', ') || 'no path'}`);
  }
  const unread = await withoutLinks(skipped, root);
  const allowance = await readAllowance(root);
  const read = await scanFiles(walked, allowance.lists, signal);
  const files = withCertificatesBeside(read.filter((file) => 'secrets' in file));
  unread.push(...read.filter((file) => 'why' in file));
  const history = await options.history?.(allowance.lists);
  const set = fileSet(paths.join(', '), files, unread, allowance);
  return history ? { ...set, history } : set;
}

/** A link has no content of its own: what it names is in the set by itself, or not part of it. */
async function withoutLinks(skipped: readonly UnreadFile[], root: string): Promise<UnreadFile[]> {
  const isLink = async ({ path }: UnreadFile) => (await lstat(join(root, path))).isSymbolicLink();
  const links = await Promise.all(skipped.map((entry) => isLink(entry).catch(() => false)));
  return skipped.filter((_, index) => !links[index]);
}

/** A set of one file that exists only as text. */
export function fileSetOfText(path: string, text: string): FileSet {
  const secrets = scanBytes(text, { path, allow: [] });
  const size = Buffer.byteLength(text);
  return fileSet(path, [{ path, size, sha256: sha256Hex(text), secrets }], [], noAllowance);
}

function fileSet(
  name: string,
  files: readonly ScannedFile[],
  unread: readonly UnreadFile[],
  allowance: Allowance,
): FileSet {
  const listing = sumsText(files);
  const digest = sha256(listing);
  return { kind: 'fileSet', name, source: name, digest, files, listing, unread, allowance };
}
