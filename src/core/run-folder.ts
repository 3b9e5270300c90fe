import { join } from 'node:path';
import { Fault, writeReason } from './fault.ts';
import { withLock } from './lock.ts';

/**
 * The folder of runs: `runs/<id>/record.json` beside `evidence/`, `signoffs/` and `SHA256SUMS`;
 * `index.jsonl` chains the runs by hash.
 */
export interface RunHome {
  /** Usually `.deploycheck` beside deploycheck.yaml. */
  readonly folder: string;
}

export const runFiles = {
  record: 'record.json',
  sums: 'SHA256SUMS',
  evidence: 'evidence',
  signoffs: 'signoffs',
} as const;

export function runsFolder(home: RunHome): string {
  return join(home.folder, 'runs');
}

export function runFolder(home: RunHome, id: string): string {
  return join(runsFolder(home), id);
}

export function indexFile(home: RunHome): string {
  return join(home.folder, 'index.jsonl');
}

/** The form of every run id; sorts by time: `20261121T114731123Z-7f3a9c`. */
export const runIdPattern = /^\d{8}T\d{9}Z-[0-9a-f]{6}$/;

/**
 * Runs a write to the folder of runs.
 * @throws Fault `run-folder-unwritable` when it failed for want of room or rights
 */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = writeReason(error);
    if (reason === undefined) throw error;
    throw new Fault('run-folder-unwritable', `${folder}: ${reason}`, { cause: error });
  }
}

/**
 * Changes the index, and what has to change together with it, while nobody else does.
 * @throws Fault `run-folder-unwritable`, `run-folder-locked`
 */
export async function changeIndex(
  home: RunHome,
  signal: AbortSignal,
  change: (indexFile: string) => Promise<void>,
): Promise<void> {
  const lock = join(home.folder, 'index.lock');
  await writing(home.folder, () => withLock(lock, signal, () => change(indexFile(home))));
}
