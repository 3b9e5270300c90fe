import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '../core/fault.ts';
import { createLedger, type Leftover, orphans } from '../core/leftovers.ts';

/** How each kind of leftover is undone. A kind this version does not know is kept and said. */
const undoers: Readonly<Record<string, (ref: string, home: string) => Promise<void>>> = {
  async folder(ref, home) {
    // The ledger is a file that others may write: only folders deploycheck makes are ever removed.
    const own = [
      join(home, 'runs', '.partial-'),
      join(home, 'unpacked-'),
      join(tmpdir(), 'unpacked-'),
    ];
    if (!own.some((prefix) => resolve(ref).startsWith(resolve(prefix)))) {
      throw new Error('not a folder that deploycheck makes');
    }
    await rm(ref, { recursive: true, force: true });
  },
};

/** Finishes the clean-up of dead processes; entries that fail stay in the ledger. */
export async function undoLeftovers(home: string): Promise<{ undone: string[]; kept: string[] }> {
  const folder = join(home, 'leftovers');
  const ledger = createLedger(folder);
  const undone: string[] = [];
  const kept: string[] = [];
  for (const leftover of await orphans(folder)) {
    try {
      await undo(leftover, home);
      await ledger.settle(leftover.id);
      undone.push(`${leftover.label} (${leftover.ref})`);
    } catch (error) {
      kept.push(`${leftover.label} (${leftover.ref}): ${messageOf(error)}`);
    }
  }
  return { undone, kept };
}

async function undo({ kind, ref }: Leftover, home: string): Promise<void> {
  const undoer = undoers[kind];
  if (!undoer) throw new Error(`this version cannot undo a '${kind}'`);
  await undoer(ref, home);
}
