import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startOfProcess } from '../../src/core/leftovers.ts';

/** A process that cannot be mistaken for a later one of the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot (proc(5), field 22 of stat). */
  readonly start: string;
}

export async function identify(pid: number): Promise<ProcessId | undefined> {
  const start = await startOfProcess(pid);
  return start === null ? undefined : { pid, start };
}

export async function isAlive({ pid, start }: ProcessId): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return false;
  const [state] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state !== 'Z' && state !== 'X' && (await startOfProcess(pid)) === start;
}

/** Sends a signal to exactly this process, or does nothing when it is gone. */
export async function signalProcess(process_: ProcessId, name: NodeJS.Signals): Promise<void> {
  if (await isAlive(process_)) process.kill(process_.pid, name);
}

/** Field 4 of stat (proc(5)). */
export async function parentOf(pid: number): Promise<ProcessId | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parent ? identify(Number(parent)) : undefined;
}

/** The process a wrapper started, once it has. */
export async function childOf(pid: number): Promise<ProcessId | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const [first] = children.trim().split(' ');
  return first ? identify(Number(first)) : undefined;
}

/** Asks until the answer is not undefined; undefined once the time is over. */
export async function poll<T>(
  seconds: number,
  ask: () => Promise<T | undefined>,
  intervalMs = 25,
): Promise<T | undefined> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() > end) return answer;
    await delay(intervalMs);
  }
}
