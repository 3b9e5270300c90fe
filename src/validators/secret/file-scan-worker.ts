import { parentPort } from 'node:worker_threads';
import type { AllowList } from './allow/allow-list.ts';
import { type FileToRead, readFile, type ScannedFile, type UnreadFile } from './read-file.ts';

/** What the pool sends: files to read one after the other. */
export interface FileScanJob {
  readonly files: readonly FileToRead[];
  readonly allow: readonly AllowList[];
}

/** In the order of the files. */
export type FileScanAnswer = readonly (ScannedFile | UnreadFile)[];

parentPort?.on('message', ({ files, allow }: FileScanJob) => {
  const answer: FileScanAnswer = files.map((file) => readFile(file, allow, () => {}));
  parentPort?.postMessage(answer);
});
