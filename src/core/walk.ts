import { lstatSync, type Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { Fault, systemCode } from './fault.ts';

export interface WalkedFile {
  /** Relative to the root, `/` between names; a file outside the root keeps its `../` prefix. */
  readonly path: string;
  readonly absolute: string;
  /** Bytes. */
  readonly size: number;
}

export interface WalkOptions {
  /** Paths in the result are relative to this folder. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Folder names that are not entered. */
  readonly ignoreFolders?: readonly string[];
  /** Which files below a folder are wanted; files named directly always are. */
  readonly wanted?: (path: string) => boolean;
  /** Called for what lies below a named folder and was left out: links, sockets, unreadable folders. */
  readonly onSkipped?: (path: string, why: string) => void;
}

const bounds = { files: 200_000, depth: 64 } as const;

/**
 * The regular files at and below the given paths, each once, sorted by path. A link is followed when it is named directly
 * and never inside a folder, so loops and escapes cannot happen.
 * @throws Fault `input-missing` for a named path that is not there, `input-too-large` past the bounds.
 */
export async function walkFiles(
  paths: readonly string[],
  options: WalkOptions,
): Promise<WalkedFile[]> {
  const found = new Map<string, WalkedFile>();
  const add = (absolute: string, size: number): void => {
    if (found.size >= bounds.files) {
      throw new Fault('input-too-large', `more than ${bounds.files} files below the paths given`);
    }
    const path = relative(options.root, absolute).split(sep).join('/');
    found.set(absolute, { path, absolute, size });
  };

  const enter = async (folder: string, depth: number): Promise<void> => {
    options.signal.throwIfAborted();
    if (depth > bounds.depth) {
      throw new Fault(
        'input-too-large',
        `${folder}: folders are nested deeper than ${bounds.depth}`,
      );
    }
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) {
      const absolute = join(folder, entry.name);
      const shown = relative(options.root, absolute);
      if (entry.isDirectory()) {
        if (options.ignoreFolders?.includes(entry.name)) continue;
        await enter(absolute, depth + 1).catch((error: unknown) => {
          if (systemCode(error) !== 'EACCES') throw error;
          options.onSkipped?.(shown, 'the folder may not be read');
        });
      } else if (entry.isFile()) {
        // A promise for each file would cost ten times the call.
        if (options.wanted?.(shown) ?? true) add(absolute, lstatSync(absolute).size);
      } else {
        options.onSkipped?.(
          shown,
          entry.isSymbolicLink() ? 'a link inside a folder' : 'not a file',
        );
      }
    }
  };

  for (const path of paths) {
    const absolute = resolve(options.root, path);
    const info = await statNamed(absolute, path);
    if (info.isDirectory()) await enter(await realpath(absolute), 0);
    else if (info.isFile()) add(absolute, info.size);
    else throw new Fault('input-missing', `${path}: neither a file nor a folder`);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function statNamed(absolute: string, shown: string): Promise<Stats> {
  try {
    return await stat(absolute);
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'no such file or folder' : systemCode(error);
    throw new Fault('input-missing', `${shown}: ${why}`, { cause: error });
  }
}
