import { mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bed, home } from './bed.ts';
import { removeCgroup } from './cgroups.ts';
import { withFileLock } from './lock.ts';
import { type Part, partNames } from './part.ts';
import { parts } from './parts.ts';
import { identify } from './processes.ts';
import { closeSandbox, run, sandboxMark } from './sandbox.ts';
import { type PartState, partFolder, readState } from './state.ts';

const patienceSeconds = 120;

/** Ends every part of the bed and removes what they made. Idempotent; needs no state to be intact. */
export async function bringDown(bed: Bed): Promise<void> {
  await stopParts(bed, () => true);
  await rm(bed.folder, { recursive: true, force: true });
}

/** Ends the parts that a run started, and leaves those that were there before. */
export async function bringDownOwned(bed: Bed, owner: string): Promise<void> {
  await stopParts(bed, (state) => state?.owner === owner);
  await rmdir(bed.folder).catch(() => undefined);
}

async function stopParts(
  bed: Bed,
  chosen: (state: PartState | undefined) => boolean,
): Promise<void> {
  await mkdir(bed.folder, { recursive: true });
  await Promise.all(
    partNames.map((name) =>
      withFileLock(partLock(bed, name), patienceSeconds, async () => {
        if (chosen(await readState(bed, name))) await stopPart(bed, parts[name]);
      }),
    ),
  );
}

/** Beside the beds' folders, so that removing a bed does not take a lock from under its holder. */
export const partLock = (bed: Bed, part: string): string =>
  join(home(), 'locks', `${bed.number}-${part}.lock`);

/** Ends the part and removes its data. The caller holds the lock of the part. */
export async function stopPart(bed: Bed, part: Part): Promise<void> {
  await endPart(bed, part);
  await removeFolder(partFolder(bed, part.name));
}

/** Ends the part and leaves its folder, with the logs. The caller holds the lock of the part. */
export async function endPart(bed: Bed, part: Part): Promise<void> {
  const folder = partFolder(bed, part.name);
  const state = await readState(bed, part.name);
  for (const pid of await sandboxesOf(folder)) {
    const process = await identify(pid);
    if (process) await closeSandbox(process);
  }
  if (part.link) await removeLink(part.link(bed));
  for (const cgroup of part.cgroups?.(bed) ?? []) await removeCgroup(cgroup);
  for (const made of state?.foldersMade ?? []) await rmdir(made).catch(() => undefined);
}

/** Processes that bear the mark of the folder's sandbox, whatever a state file says. */
async function sandboxesOf(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    const [program, ...args] = line.split('\0');
    const starter = program === 'unshare' || program === 'sh';
    if (starter && args.includes(sandboxMark(folder))) found.push(Number(entry));
  }
  return found;
}

/** The kernel removes it with the sandbox, a moment later. */
async function removeLink(name: string): Promise<void> {
  await run('ip', ['link', 'del', name]).catch(() => undefined);
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
