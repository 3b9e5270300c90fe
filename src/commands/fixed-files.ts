import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sha256Hex } from '../core/digest.ts';
import { Fault } from '../core/fault.ts';
import { writeWhole } from '../core/write-whole.ts';
import { type FileFixes, withEdits } from '../validators/fixes.ts';
import type { ManifestFile } from '../validators/manifest/load.ts';

/** A file as it was examined, and as it is once its fixes are made. */
export interface FixedFile {
  readonly file: string;
  /** Of what was mended. */
  readonly descriptions: readonly string[];
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * @param files as they were examined
 * @param root folder that their paths start from
 * @throws Fault `input-changed` when a file is not the one that was examined
 */
export function fixedFiles(
  fixes: readonly FileFixes[],
  files: readonly ManifestFile[],
  root: string,
): Promise<FixedFile[]> {
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  return Promise.all(
    fixes.map(async (fix) => {
      const before = await readFile(resolve(root, fix.file));
      if (sha256Hex(before) !== digests.get(fix.file)) throw changed(fix.file);
      const { file, descriptions } = fix;
      return { file, descriptions, before, after: edited(before, fix) };
    }),
  );
}

/**
 * Puts the mended form in the place of the file that is meant, whatever links lead to it.
 * @throws Fault `input-changed` when it is not what it was before; `output-unwritable`
 */
export async function writeFixed({ file, before, after }: FixedFile, root: string): Promise<void> {
  const path = await realpath(resolve(root, file));
  if (!(await readFile(path)).equals(before)) throw changed(file);
  await writeWhole(path, after, { mode: (await stat(path)).mode & 0o7777 });
}

const byteOrderMark = '\ufeff';

/** Positions count from behind a byte order mark, which stays. */
function edited(before: Buffer, { edits }: FileFixes): Buffer {
  const { mark, text } = splitMark(before.toString('utf8'));
  return Buffer.from(mark + withEdits(text, edits));
}

/** A text without its byte order mark, and that. */
export function splitMark(whole: string): { mark: string; text: string } {
  const mark = whole.startsWith(byteOrderMark) ? byteOrderMark : '';
  return { mark, text: whole.slice(mark.length) };
}

export const changed = (file: string): Fault =>
  new Fault('input-changed', `${file} was changed while it was examined`);
