import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { workerModule } from '../../core/package-root.ts';
import type { WalkedFile } from '../../core/walk.ts';
import type { AllowList } from './allow/allow-list.ts';
import type { FileScanAnswer, FileScanJob } from './file-scan-worker.ts';
import { readFile } from './read-file.ts';

/** Bytes above which threads are worth their start. */
const worthThreads = 6 * 1024 * 1024;

/** More threads than this wait for the disk and for each other. */
const maxThreads = 8;

/** Files and bytes that a thread is handed at once. */
const batchFiles = 200;
const batchBytes = 2 * 1024 * 1024;

/**
 * Reads and scans files, in threads when there is much to read. No thread outlives the call.
 * @throws the signal's reason
 */
export async function scanFiles(
  files: readonly WalkedFile[],
  allow: readonly AllowList[],
  signal: AbortSignal,
): Promise<FileScanAnswer> {
  const batches = batchesOf(files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const count = Math.min(availableParallelism(), maxThreads, batches.length);
  if (bytes < worthThreads || count < 2) return scanHere(batches, allow, signal);
  const answers: FileScanAnswer[] = [];
  const workers = Array.from(
    { length: count },
    () => new Worker(workerModule('file-scan-worker', import.meta.url)),
  );
  let next = 0;
  const lane = async (worker: Worker) => {
    for (let index = next++; index < batches.length; index = next++) {
      const job: FileScanJob = { files: batches[index] ?? [], allow };
      worker.postMessage(job);
      // Rejects when the worker emits `error`, and when the signal aborts.
      const [answer]: FileScanAnswer[] = await once(worker, 'message', { signal });
      answers[index] = answer ?? [];
    }
  };
  try {
    await Promise.all(workers.map(lane));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return answers.flat();
}

async function scanHere(
  batches: readonly (readonly WalkedFile[])[],
  allow: readonly AllowList[],
  signal: AbortSignal,
): Promise<FileScanAnswer> {
  const answers: FileScanAnswer[] = [];
  const stop = () => signal.throwIfAborted();
  for (const batch of batches) {
    stop();
    answers.push(batch.map((file) => readFile(file, allow, stop)));
    // Signals arrive between two turns.
    await turn();
  }
  return answers.flat();
}

/** In the order of the files. */
function batchesOf(files: readonly WalkedFile[]): readonly (readonly WalkedFile[])[] {
  const batches: WalkedFile[][] = [];
  let room = { files: 0, bytes: 0 };
  for (const file of files) {
    if (room.files <= 0 || room.bytes <= 0) {
      batches.push([]);
      room = { files: batchFiles, bytes: batchBytes };
    }
    batches.at(-1)?.push(file);
    room = { files: room.files - 1, bytes: room.bytes - file.size };
  }
  return batches;
}
