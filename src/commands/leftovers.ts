import { lstat, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf } from '../core/fault.ts';
import { createLedger, type Leftover, orphans } from '../core/leftovers.ts';
import { runsFolder } from '../core/run-folder.ts';
import { finishRun } from '../core/run-store.ts';
import type { Adapters } from './adapters.ts';

interface Undoing {
  readonly home: string;
  readonly adapters: Adapters;
  readonly signal: AbortSignal;
}

/** How each kind of leftover is undone. A kind this version does not know is kept and said. */
const undoers: Readonly<Record<string, (ref: string, undoing: Undoing) => Promise<void>>> = {
  async folder(ref, { home }) {
    const folder = await ownFolder(ref, home);
    if (folder !== undefined && !(await finishRun({ folder: home }, folder))) {
      await rm(folder, { recursive: true, force: true });
    }
  },
  credentials: async (ref) =>
    (await import('../backup/database/client-tools.ts')).removeCredentials(ref),
  'backup-set': async (ref, { adapters, signal }) =>
    (await import('../backup/set/unfinished.ts')).undoUnfinishedSet(ref, adapters, signal),
  'scratch-database': async (ref, { adapters, signal }) =>
    (await import('../backup/database/scratch-database.ts')).dropScratchDatabase(
      ref,
      adapters,
      signal,
    ),
  'scratch-bucket': async (ref, { adapters, signal }) =>
    (await import('../backup/bucket/scratch-bucket.ts')).removeScratchBucket(ref, adapters, signal),
  'scratch-cluster': async (ref, { signal }) =>
    (await import('../backup/external/scratch-cluster.ts')).removeScratchCluster(ref, signal),
  'engine-containers': async (ref, { adapters, signal }) =>
    (await import('../probe/engine/leftover.ts')).undoContainers(ref, adapters, signal),
  'kube-namespace': async (ref, { adapters, signal }) =>
    (await import('../simulate/leftover.ts')).undoNamespace(ref, adapters, signal),
};

/**
 * The folder a leftover names, or undefined when it is gone. The ledger is a file that others may
 * write, so only a folder of deploycheck's own naming, in a place where deploycheck makes them and
 * not through a link, is ever touched.
 */
async function ownFolder(ref: string, home: string): Promise<string | undefined> {
  const path = resolve(ref);
  const places: readonly [string, RegExp][] = [
    [runsFolder({ folder: home }), /^\.partial-\d{8}T\d{9}Z-[0-9a-f]{6}$/],
    [home, /^unpacked-\w{6}$/],
    [tmpdir(), /^unpacked-\w{6}$/],
  ];
  const info = await lstat(path).catch(() => undefined);
  if (!info) return undefined;
  for (const [place, name] of places) {
    if (dirname(path) !== resolve(place) || !name.test(basename(path)) || !info.isDirectory())
      continue;
    // A link in its stead would lead out of the place.
    if ((await lstat(place)).isDirectory()) return path;
  }
  throw new Error('not a folder that deploycheck makes');
}

/** Finishes the clean-up of dead processes; entries that fail stay in the ledger. */
export async function undoLeftovers(
  undoing: Undoing,
): Promise<{ undone: string[]; kept: string[] }> {
  const { home, signal } = undoing;
  const folder = join(home, 'leftovers');
  const ledger = createLedger(folder);
  const undone: string[] = [];
  const kept: string[] = [];
  for (const leftover of await orphans(folder)) {
    try {
      await undo(leftover, undoing);
      await ledger.settle(leftover.id);
      undone.push(`${leftover.label} (${leftover.ref})`);
    } catch (error) {
      signal.throwIfAborted();
      kept.push(`${leftover.label} (${leftover.ref}): ${messageOf(error)}`);
    }
  }
  return { undone, kept };
}

async function undo({ kind, ref }: Leftover, undoing: Undoing): Promise<void> {
  const undoer = undoers[kind];
  if (!undoer) throw new Error(`this version cannot undo a '${kind}'`);
  await undoer(ref, undoing);
}
