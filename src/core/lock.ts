import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault, systemCode } from './fault.ts';
import { startOfProcess } from './leftovers.ts';

const patienceMs = 10_000;
const retryMs = 20;

/**
 * Runs `work` while holding an exclusive lock file that names its owner. The lock of a dead owner is
 * taken over.
 * @throws Fault `run-folder-locked` when a live owner keeps it for longer than ten seconds.
 */
export async function withLock<T>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const owner = `${process.pid} ${await startOfProcess(process.pid)}`;
  const deadline = performance.now() + patienceMs;
  while (!(await take(file, owner))) {
    await dropIfDead(file);
    if (performance.now() > deadline) {
      throw new Fault('run-folder-locked', `${file} is held by another deploycheck process`);
    }
    await delay(retryMs, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, owner: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(owner).finally(() => handle.close());
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function dropIfDead(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [pid, start] = text.split(' ');
  if (!pid || start === undefined) return;
  const now = await startOfProcess(Number(pid));
  // Without /proc the owner's start cannot be compared; `deploycheck clean` removes the lock then.
  if (start !== 'null' && now !== start) await rm(file, { force: true });
}
