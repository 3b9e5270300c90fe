import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, writeFault } from './fault.ts';
import { readSmall } from './read-small.ts';
import type { LeftoverLedger } from './scope.ts';

/** Something a dead process may have left behind: what, where, and whose it was. */
export interface Leftover {
  readonly id: string;
  /** Chooses the undoer, e.g. `folder`. */
  readonly kind: string;
  /** What the undoer needs to find it again. */
  readonly ref: string;
  readonly label: string;
  readonly pid: number;
  /** Start time of the owner in clock ticks since boot, so that a reused pid is not mistaken for it. */
  readonly pidStart: string | null;
}

/** One small file a leftover below `folder`: written before the thing is made, removed once undone. */
export function createLedger(folder: string): LeftoverLedger {
  return {
    async record({ kind, ref, label }) {
      const id = randomUUID();
      const entry: Leftover = {
        id,
        kind,
        ref,
        label,
        pid: process.pid,
        pidStart: await startOfProcess(process.pid),
      };
      try {
        await mkdir(folder, { recursive: true });
        // Who reads the ledger meanwhile sees a whole entry or none.
        const partial = join(folder, `${id}.json.${process.pid}.tmp`);
        await writeFile(partial, JSON.stringify(entry), { flag: 'wx' });
        await rename(partial, join(folder, `${id}.json`));
      } catch (error) {
        throw writeFault('run-folder-unwritable', folder, error);
      }
      return id;
    },
    async settle(id) {
      await rm(join(folder, `${id}.json`), { force: true });
    },
  };
}

/** The leftovers whose owner is dead. Entries of live processes are theirs to undo. */
export async function orphans(folder: string): Promise<Leftover[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const pid = partialName.exec(name)?.[1];
    // Its process died before it made anything.
    if (pid !== undefined && !(await isAlive({ pid: Number(pid), pidStart: null }))) {
      await rm(join(folder, name), { force: true });
    }
  }
  const found: Leftover[] = [];
  for (const name of names.filter((candidate) => entryName.test(candidate))) {
    const entry = await readLeftover(join(folder, name));
    // The file's own name is its id; what the text claims could name another file.
    if (entry && !(await isAlive(entry))) found.push({ ...entry, id: name.slice(0, -5) });
  }
  return found;
}

const entryName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json$/;
const partialName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json\.(\d+)\.tmp$/;

async function readLeftover(path: string): Promise<Leftover | undefined> {
  try {
    return JSON.parse((await readSmall(path)).toString('utf8'));
  } catch {
    // Entries come whole: what is none was damaged later, and names nothing to undo.
    await rm(path, { force: true });
    return undefined;
  }
}

async function isAlive({ pid, pidStart }: Pick<Leftover, 'pid' | 'pidStart'>): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
  }
  return pidStart === null || (await startOfProcess(pid)) === pidStart;
}

/** Field 22 of /proc/PID/stat (proc(5)); null where there is no such file system. */
export async function startOfProcess(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
