import { posix } from 'node:path';
import { environmentOf, type ImageConfig } from './config.ts';
import type { FileNode, Filesystem } from './filesystem.ts';

/** What runtimes put in place of a PATH that the image does not set. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The file a command word starts: a word with a slash is a path seen from the working directory,
 * any other is looked for along PATH (execvp(3)). A file that may not be executed is passed over on
 * the PATH, and returned when it is all there is.
 */
export function findCommand(
  filesystem: Filesystem,
  config: ImageConfig,
  word: string,
): FileNode | undefined {
  if (word.includes('/')) return filesystem.lookup(posix.resolve('/', config.workingDir, word));
  const files = searchPath(config).flatMap((folder) => {
    const file = filesystem.lookup(posix.join(folder, word));
    return file?.entry.type === 'file' ? [file] : [];
  });
  return files.find((file) => (file.entry.mode & 0o111) !== 0) ?? files[0];
}

/** The folders of the PATH that a container starts with, absolute. */
export function searchPath(config: ImageConfig): readonly string[] {
  const folders = (environmentOf(config).get('PATH') || defaultPath).split(':');
  return [...new Set(folders.map((folder) => posix.resolve('/', config.workingDir, folder)))];
}

/** What runs first, as the runtime puts it together. */
export function commandOf(config: ImageConfig): readonly string[] {
  return [...config.entrypoint, ...config.cmd];
}

/** `["/bin/sh", "-c", …]`, which is what the shell form of a Dockerfile becomes. */
export function isShellForm(command: readonly string[]): boolean {
  return /(?:^|\/)(?:ba|da|a|z)?sh$/.test(command[0] ?? '') && command[1] === '-c';
}

const shellWords = new Set(
  '! . : [ [[ alias bg break case cd command continue echo eval exec exit export false for if kill printf pwd read return set shift source test time trap true type ulimit umask unset until wait while'.split(
    ' ',
  ),
);

/** The program a line of shell starts first; undefined when only a shell could tell. */
export function firstProgram(line: string): string | undefined {
  const word = /^\s*([\w./+-]+)(?=\s|$)/.exec(line)?.[1];
  return word === undefined || shellWords.has(word) ? undefined : word;
}
