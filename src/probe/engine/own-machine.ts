import { readFile } from 'node:fs/promises';
import type { Looked } from '../../validators/runtime/observation.ts';

/** Reads a file of the main process of a container, by its name below `/proc/PID`. */
export type ReadProcess = (file: string) => Promise<Looked<string>>;

/**
 * Through this machine's own /proc, where the process is in it. An engine elsewhere, or in a process name space of
 * its own, has another process under that number; the control group tells (proc_pid_cgroup(5)).
 * @param id of the container, which its control group is named by
 * @returns undefined where it is another process, or none
 */
export async function ownMachine(pid: number, id: string): Promise<ReadProcess | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => undefined);
  const isIts = async () => (await read('cgroup'))?.includes(id) === true;
  if (!(await isIts())) return undefined;
  return async (file) => {
    const text = await read(file);
    // The number may have been given to another process meanwhile.
    return text !== undefined && (await isIts())
      ? { seen: text }
      : { why: `/proc/${pid}/${file} cannot be read` };
  };
}
