import { type ChildProcess, spawn } from 'node:child_process';
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
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn(
    'flock',
    ['--timeout', String(patienceSeconds), file, 'sh', '-c', 'echo held; exec cat'],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const closed = once(holder, 'close');
  try {
    await held(holder, closed, file, patienceSeconds);
    return await work();
  } finally {
    holder.stdin.end();
    await closed.catch(() => undefined);
  }
}

async function held(
  holder: ChildProcess,
  closed: Promise<unknown>,
  file: string,
  patienceSeconds: number,
): Promise<void> {
  const first = await Promise.race([
    once(holder.stdout as NodeJS.ReadableStream, 'data').then(() => 'held' as const),
    closed.then(
      () => 'closed' as const,
      () => 'missing' as const,
    ),
  ]);
  if (first === 'held') return;
  if (first === 'missing') {
    throw new Problem('the program flock is missing; install the package util-linux');
  }
  throw new Problem(`${file} was held by another run for more than ${patienceSeconds} s`);
}
