import { Fault } from '../../core/fault.ts';
import type { Looked, ProcessSeen, UserSeen } from '../../validators/runtime/observation.ts';
import { containerName } from './pod.ts';
import type { PodYard } from './yard.ts';

/** Milliseconds for one command, and bytes of what it prints. */
const commandMs = 10_000;
const maxOutputBytes = 256 * 1024;

/** What becomes `cat` is told apart by its parent, so it must not be the child of a shell. */
const readAll = ['sh', '-c', 'exec cat /proc/[0-9]*/status'];

/** Every process that the container's own `cat` shows or, without a shell in it, the main one alone. */
export async function lookAtUsers(
  pod: string,
  main: Looked<ProcessSeen>,
  { sandbox, signal }: PodYard,
): Promise<Looked<readonly UserSeen[]>> {
  const options = { container: containerName, command: readAll, timeoutMs: commandMs };
  const ref = { name: pod, namespace: sandbox.seen.name };
  try {
    const answer = await sandbox.kube.exec(ref, { ...options, maxOutputBytes }, signal);
    const seen = answer.outcome === 'ok' ? usersOf(answer.stdout) : [];
    if (seen.length > 0) return { seen };
  } catch (error) {
    signal.throwIfAborted();
    // What cannot be started is no exit code for every runtime.
    if (!(error instanceof Fault)) throw error;
  }
  if ('why' in main) return main;
  return { seen: [{ uid: main.seen.uid, gid: main.seen.gid ?? 0, command: 'PID 1' }] };
}

/**
 * The users of processes by their files `status` (proc_pid_status(5)), one after the other; the main one first. What
 * was started from outside has no parent in the container.
 * @returns nothing when the main process is not among them
 */
export function usersOf(statuses: string): UserSeen[] {
  const all = statuses.split(/^(?=Name:\t)/m).flatMap((text) => {
    const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(text)?.[1] ?? '';
    const effective = (name: string) => Number(field(name).split(/\s+/)[1] ?? Number.NaN);
    const [pid, parent] = [Number(field('Pid')), Number(field('PPid'))];
    const user = { uid: effective('Uid'), gid: effective('Gid'), command: field('Name') };
    const isWhole = [pid, parent, user.uid, user.gid].every(Number.isInteger);
    return isWhole && (pid === 1 || parent !== 0) ? [{ pid, user }] : [];
  });
  const main = all.find(({ pid }) => pid === 1);
  if (!main) return [];
  return [main, ...all.filter((one) => one !== main)].map(({ user }) => user);
}
