import { basename, dirname, join, matchesGlob, posix, relative, sep } from 'node:path';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { readSmall } from '../../core/read-small.ts';
import type { IgnoreFile } from './dockerfile.ts';

const bounds = { bytes: 256 * 1024, patterns: 2000 } as const;

/**
 * What a build leaves out of its context: `NAME.dockerignore` beside the Dockerfile, otherwise `.dockerignore`
 * in the context (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 * @param absolute path of the Dockerfile
 * @param context folder; that of the Dockerfile when undefined
 * @param root what the path of the file is shown relative to
 * @throws Fault `input-missing` for a file that is there and cannot be read, `input-too-large`
 */
export async function readIgnoreFile(
  absolute: string,
  context: string | undefined,
  root: string,
): Promise<IgnoreFile | undefined> {
  const folder = dirname(absolute);
  const places = [
    join(folder, `${basename(absolute)}.dockerignore`),
    join(context ?? folder, '.dockerignore'),
  ];
  for (const place of places) {
    const text = await textOf(place);
    if (text !== undefined) return ignoreFileOf(relative(root, place).split(sep).join('/'), text);
  }
  return undefined;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readSmall(path, bounds.bytes)).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Fault('input-missing', `${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

interface Pattern {
  readonly glob: string;
  readonly isException: boolean;
}

/** The last pattern that fits a path or a folder above it decides. */
export function ignoreFileOf(file: string, text: string): IgnoreFile {
  const patterns = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map(patternOf);
  if (patterns.length > bounds.patterns) {
    throw new Fault('input-too-large', `${file}: more than ${bounds.patterns} patterns`);
  }
  return {
    file,
    ignores(path) {
      const clean = posix.normalize(path).replace(/^\/+|\/+$/g, '');
      if (clean === '.' || clean === '') return false;
      const above = clean.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'));
      return patterns.reduce(
        (ignored, { glob, isException }) =>
          above.some((one) => matchesGlob(one, glob)) ? !isException : ignored,
        false,
      );
    },
  };
}

function patternOf(line: string): Pattern {
  const trimmed = line.trim();
  const isException = trimmed.startsWith('!');
  const written = isException ? trimmed.slice(1).trim() : trimmed;
  const glob = posix.normalize(written).replace(/^\/+|\/+$/g, '');
  // Braces are no part of these patterns, and are of those that Node knows.
  return { isException, glob: glob.replaceAll(/[{}]/g, '\\$&') };
}
