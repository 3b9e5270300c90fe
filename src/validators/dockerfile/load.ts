import { resolve } from 'node:path';
import { Fault, messageOf } from '../../core/fault.ts';
import { readSmall } from '../../core/read-small.ts';
import { type WalkedFile, walkFiles } from '../../core/walk.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readIgnoreFile } from './ignore-file.ts';
import { bounds } from './parse.ts';
import { readDockerfile } from './read.ts';

/** Names that files with instructions go by, for those below a folder. */
const named =
  /(?:^|\/)(?:(?:Docker|Container)file(?:\.[^/]*)?|[^/]+\.(?:Docker|docker|Container|container)file)$/;
const ignoreFolders = ['.git', 'node_modules', '.deploycheck'];

export interface FindOptions {
  /** Paths are relative to this folder. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/**
 * The Dockerfiles at and below the paths; a file that is named counts, whatever its name is.
 * @throws Fault `input-missing`, `input-empty`, `input-too-large`; the signal's reason
 */
export async function findDockerfiles(
  paths: readonly string[],
  { root, signal }: FindOptions,
): Promise<readonly WalkedFile[]> {
  const wanted = (path: string) => named.test(path) && !path.endsWith('.dockerignore');
  const files = await walkFiles(paths, { root, signal, ignoreFolders, wanted });
  if (files.length === 0) {
    throw new Fault('input-empty', `no Dockerfile or Containerfile below ${paths.join(', ')}`);
  }
  return files;
}

export interface LoadOptions {
  readonly root: string;
  /** Folder of the build context; that of the Dockerfile when undefined. */
  readonly context?: string | undefined;
  /** Instead of what the file holds. */
  readonly bytes?: Uint8Array | undefined;
}

/** @throws Fault `input-missing`, `input-empty`, `input-too-large` */
export async function loadDockerfile(
  path: string,
  { root, context, bytes }: LoadOptions,
): Promise<Dockerfile> {
  const absolute = resolve(root, path);
  const dockerfile = readDockerfile(path, bytes ? Buffer.from(bytes) : await read(absolute, path));
  const folder = context === undefined ? undefined : resolve(root, context);
  return { ...dockerfile, ignore: await readIgnoreFile(absolute, folder, root) };
}

async function read(absolute: string, shown: string): Promise<Buffer> {
  try {
    return await readSmall(absolute, bounds.bytes);
  } catch (error) {
    const message = messageOf(error);
    const code = / is over /.test(message) ? 'input-too-large' : 'input-missing';
    throw new Fault(code, `${shown} cannot be read: ${message}`, { cause: error });
  }
}

/** How findings call what came from standard input. */
export const stdinName = 'stdin';

/** @throws Fault `input-empty`, `input-too-large` */
export async function readStdin(stdin: AsyncIterable<Uint8Array>): Promise<Dockerfile> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > bounds.bytes) {
      throw new Fault('input-too-large', `standard input is over ${bounds.bytes / 1024} KiB`);
    }
    chunks.push(chunk);
  }
  return readDockerfile(stdinName, Buffer.concat(chunks));
}
