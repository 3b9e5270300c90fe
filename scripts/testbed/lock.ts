import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from './problem.ts';

/**
 * Runs `work` while no other process holds the file. The kernel keeps the lock (flock(1) in a child
 * that ends with us), so a killed owner leaves none behind.
 */
export async function withFileLock<T>(
  file: string,
  patienceSeconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await takeFileLock(file, patienceSeconds);
  if (!lock)
    throw new Problem(`${file} was held by another run for more than ${patienceSeconds} s`);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

export interface FileLock {
  release(): Promise<void>;
}

/** Undefined when another process keeps the lock for longer than the patience. */
export async function takeFileLock(
  file: string,
  patienceSeconds: number,
): Promise<FileLock | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn(
    'flock',
    ['--timeout', String(patienceSeconds), file, 'sh', '-c', 'echo held; exec cat'],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const closed = once(holder, 'close').then(
    () => 'closed' as const,
    () => 'missing' as const,
  );
  const held = once(holder.stdout, 'data').then(() => 'held' as const);
  const first = await Promise.race([held, closed]);
  if (first === 'missing') {
    throw new Problem('the program flock is missing; install the package util-linux');
  }
  if (first === 'closed') return undefined;
  return {
    async release() {
      holder.stdin.end();
      await closed;
    },
  };
}
