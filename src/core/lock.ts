import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

/** The owner is written first and linked into place, so that no lock is ever without one. */
async function take(file: string, owner: string): Promise<boolean> {
  const own = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(own, owner);
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function dropIfDead(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const [pid, start] = text.split(' ');
  const now = await startOfProcess(Number(pid));
  // Without /proc the owner's start cannot be compared, and the lock waits for its owner.
  const dead = !pid || start === undefined || (start !== 'null' && now !== start);
  // Moved aside first: of two that see the same dead lock only one can.
  if (dead) {
    const aside = `${file}.dead.${randomUUID()}`;
    await rename(file, aside).catch(() => undefined);
    await rm(aside, { force: true });
  }
}
