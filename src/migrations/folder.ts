import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { Fault } from '../core/fault.ts';
import { walkFiles } from '../core/walk.ts';
import { detectLayout, type Layout } from './layout.ts';

export interface MigrationFolder {
  /** Relative to the root, for people. */
  readonly folder: string;
  readonly layout: Layout;
  /** Of a file of the layout. */
  text(file: string): string;
}

/**
 * The migrations of a folder, with their text.
 * @throws Fault `input-missing`, `input-empty`
 */
export async function readFolder(
  named: string,
  root: string,
  signal: AbortSignal,
): Promise<MigrationFolder> {
  const folder = relative(root, resolve(root, named)) || '.';
  const files = await walkFiles([folder], { root, signal });
  if (files.length === 0) throw new Fault('input-empty', `${folder}: no migration files`);
  const texts = new Map<string, string>();
  for (const { path, absolute } of files) {
    if (path.endsWith('.sql')) {
      texts.set(relative(folder, path), await readFile(absolute, 'utf8'));
    }
  }
  const names = files.map(({ path }) => relative(folder, path));
  const layout = detectLayout(names, texts.values().next().value);
  return { folder, layout, text: (file) => texts.get(file) ?? '' };
}

/** Why a layout cannot be taken apart. */
export const unsupported = (folder: string, detected: string): string =>
  `${folder} holds ${detected}; this version takes pairs N_name.up.sql, N_name.down.sql apart`;
