import { randomBytes } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  rmdir,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, systemCode } from '../../core/fault.ts';
import type { Lacking } from '../set/reports.ts';
import type { BackupSystems } from '../systems.ts';

const namePattern = /^deploycheck-rehearsal-[0-9a-f]{16}$/;
const markerFile = 'deploycheck.json';

/** What the ledger keeps: a folder, and how to know that it is the one we made. */
const refSchema = z.object({
  folder: z.string().refine((path) => isAbsolute(path) && namePattern.test(basename(path))),
  marker: z.string().min(32),
});

/** A folder of our own that takes a restored cluster. Nobody else can enter it. */
export interface ScratchCluster {
  readonly folder: string;
  readonly data: string;
  /** For what lies outside of a data directory. */
  readonly beside: string;
}

const leftover = 'scratch-cluster';
/** Removing terabytes takes its time. */
const removeMs = 900_000;
/** The path of a Unix socket has at most 107 bytes (unix(7)), and its name here is `.s.PGSQL.5432`. */
const longestFolder = 90;

/**
 * Makes the folder; it goes with the scope, with every process that works in it.
 * @param parent where it is made
 * @param bytes that will be restored; null when nobody knows
 */
export async function createScratchCluster(
  parent: string,
  bytes: number | null,
  { scope }: Pick<BackupSystems, 'scope'>,
): Promise<{ readonly scratch: ScratchCluster } | { readonly lacking: Lacking }> {
  const folder = join(parent, `deploycheck-rehearsal-${randomBytes(8).toString('hex')}`);
  if (Buffer.byteLength(folder) > longestFolder) {
    const why = `${parent} is too long a path for the socket of a server`;
    return { lacking: { what: 'a folder to restore into', why } };
  }
  const free = await freeBytes(parent);
  if (typeof free === 'string') {
    return { lacking: { what: 'a folder to restore into', why: `${parent}: ${free}` } };
  }
  // Recovery writes segments and changed pages besides.
  if (bytes !== null && free < bytes * 1.1) {
    const why = `${parent} has ${free} bytes free, and the cluster has ${bytes}`;
    return { lacking: { what: 'space to restore into', why } };
  }
  const marker = randomBytes(16).toString('hex');
  const ref = JSON.stringify({ folder, marker } satisfies z.infer<typeof refSchema>);
  await scope.defer(`scratch cluster ${folder}`, (fresh) => removeScratchCluster(ref, fresh), {
    deadlineMs: removeMs,
    leftover: { kind: leftover, ref },
  });
  try {
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o700);
    await writeFile(join(folder, markerFile), marker, { flag: 'wx', mode: 0o600 });
    const beside = join(folder, 'beside');
    await mkdir(beside, { mode: 0o700 });
    return { scratch: { folder, data: join(folder, 'data'), beside } };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return { lacking: { what: 'a folder to restore into', why: messageOf(error) } };
  }
}

async function freeBytes(parent: string): Promise<number | string> {
  try {
    const { bavail, bsize } = await statfs(parent);
    return bavail * bsize;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Undoes a leftover of kind `scratch-cluster`: ends what still works in the folder, and removes it.
 * What is there no more is left alone.
 * @throws Error when what has the name is not ours, or a process in it does not end
 */
export async function removeScratchCluster(ref: string, signal: AbortSignal): Promise<void> {
  const { folder, marker } = refSchema.parse(JSON.parse(ref));
  const info = await lstat(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!info) return;
  if (!info.isDirectory()) throw new Error(`${folder} is no folder of ours`);
  const written = await readFile(join(folder, markerFile), 'utf8').catch(() => undefined);
  if (written === undefined || (written === '' && (await readdir(folder)).length === 1)) {
    // Its maker may have died between making it and writing the marker: then nothing else is in it.
    await rm(join(folder, markerFile), { force: true });
    await rmdir(folder);
    return;
  }
  if (written !== marker) throw new Error(`${folder} has the marker of somebody else`);
  await endProcessesIn(folder, signal);
  // The marker last: a removal that is broken off can be finished.
  for (const name of await readdir(folder)) {
    if (name !== markerFile) await rm(join(folder, name), { recursive: true, force: true });
  }
  await rm(folder, { recursive: true, force: true });
}

const politeRounds = 100;
const roundMs = 100;

/**
 * Ends the processes whose working directory is in the folder, as that of a server is, or whose
 * arguments name it, as those of a restore do. The name is random, so nobody else's has it.
 */
async function endProcessesIn(folder: string, signal: AbortSignal): Promise<void> {
  for (let round = 0; ; round += 1) {
    const found = await processesIn(folder);
    if (found.length === 0) return;
    // Immediate shutdown, in the terms of PostgreSQL; what does not listen is killed.
    const kill = round < politeRounds ? (round % 20 === 0 ? 'SIGQUIT' : undefined) : 'SIGKILL';
    for (const pid of kill ? found : []) {
      try {
        process.kill(pid, kill);
      } catch (error) {
        if (systemCode(error) !== 'ESRCH') throw error;
      }
    }
    await wait(roundMs, undefined, { signal });
  }
}

/** Programs that we start there. Somebody who looks into the folder is not ended. */
const ours = /^(?:postgres|pgbackrest|barman|wal-g|pg_amcheck|pg_checksums|pg_ctl|rsync)\b/;

async function processesIn(folder: string): Promise<number[]> {
  const found: number[] = [];
  const entries = await readdir('/proc').catch(() => []);
  for (const name of entries.filter((entry) => /^\d+$/.test(entry))) {
    const pid = Number(name);
    if (pid === process.pid) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    const [program = '', ...rest] = command.split('\0');
    // Children of a server carry what they do in place of their arguments.
    const isIn = cwd === folder || cwd.startsWith(`${folder}/`);
    const names = [program, ...rest].some((argument) => argument.includes(`${folder}/`));
    if ((isIn || names) && ours.test(basename(program.split(' ')[0] ?? ''))) found.push(pid);
  }
  return found;
}
