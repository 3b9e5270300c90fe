import { posix } from 'node:path';
import { programHead } from './program.ts';

/** Files whose text some check reads, by path or by name. */
const textPaths = new Set(['etc/passwd', 'etc/group']);
const textNames = new Set(['.npmrc', '.pypirc', '.netrc']);

/** Bytes that are kept of such a file. */
const textSize = 1024 * 1024;

/** How many of a file's first bytes a layer's one pass keeps for the checks. */
export function bytesWanted(path: string, mode: number): number {
  if (isTextWanted(path)) return textSize;
  return isExecutable(mode) ? programHead : 0;
}

export function isTextWanted(path: string): boolean {
  return textPaths.has(path) || textNames.has(posix.basename(path));
}

export function isExecutable(mode: number): boolean {
  return (mode & 0o111) !== 0;
}
