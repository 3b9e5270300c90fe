import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { messageOf, systemCode } from '../../core/fault.ts';

/** What is to be done with small files of a folder; absolute paths. */
export type FileJob =
  /** Bytes of a file; null when there is none, or when it is something else. */
  | { readonly do: 'size'; readonly path: string }
  /** A new file, synced; the bytes of what is there already when there is a file `unless`. */
  | {
      readonly do: 'write';
      readonly path: string;
      readonly content: Uint8Array;
      readonly unless: string;
    }
  /** The file under another name, and no longer under its own. */
  | { readonly do: 'publish'; readonly path: string; readonly as: string }
  | { readonly do: 'remove'; readonly path: string };

/** In the order of the jobs. */
export type FileAnswer =
  | { readonly value: number | null }
  /** A code of the system, such as `ENOENT`; undefined when it has none. */
  | { readonly code: string | undefined; readonly message: string };

parentPort?.on('message', (jobs: readonly FileJob[]) => {
  parentPort?.postMessage(jobs.map(answerTo));
});

function answerTo(job: FileJob): FileAnswer {
  try {
    return { value: carriedOut(job) };
  } catch (error) {
    return { code: systemCode(error), message: messageOf(error) };
  }
}

function carriedOut(job: FileJob): number | null {
  switch (job.do) {
    case 'size':
      return sizeOf(job.path);
    case 'write': {
      const there = sizeOf(job.unless);
      if (there === null) write(job.path, job.content);
      return there;
    }
    case 'publish':
      linkSync(job.path, job.as);
      unlinkSync(job.path);
      return null;
    case 'remove':
      remove(job.path);
      return null;
  }
}

function sizeOf(path: string): number | null {
  const info = lstatSync(path, { throwIfNoEntry: false });
  return info?.isFile() ? info.size : null;
}

function write(path: string, content: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
    fsyncSync(file);
  } catch (error) {
    remove(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
