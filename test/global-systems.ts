import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bed, createBed, home } from '../scripts/testbed/bed.ts';
import { bringDownOwned } from '../scripts/testbed/down.ts';
import { identify } from '../scripts/testbed/processes.ts';
import { type Reservation, reserveBed } from '../scripts/testbed/reserve.ts';

/**
 * One bed for the whole run. Its parts are started by the first test that needs them and end with
 * this process, also when it is killed: each of them waits at the FIFO that is held open here.
 */
export async function setup(): Promise<() => Promise<void>> {
  const run = await bedOfThisRun();
  const folder = join(home(), 'runs');
  await mkdir(folder, { recursive: true });
  await clearKilledRuns(folder, createBed(run.number));
  const fifo = join(folder, `${process.pid}.fifo`);
  await rm(fifo, { force: true });
  execFileSync('mkfifo', [fifo]);
  const held = await open(fifo, 'r+');
  process.env.DEPLOYCHECK_TESTBED = String(run.number);
  process.env.DEPLOYCHECK_TESTBED_OWNER = fifo;
  return async () => {
    await bringDownOwned(createBed(run.number), fifo);
    await held.close();
    await rm(fifo, { force: true });
    await run.release();
  };
}

/** The bed that DEPLOYCHECK_TESTBED names, or the first that no other run uses. */
async function bedOfThisRun(): Promise<Reservation> {
  const named = process.env.DEPLOYCHECK_TESTBED;
  return named === undefined
    ? reserveBed()
    : { number: Number(named), release: async () => undefined };
}

/** The kernel ended what a killed run had started; folders and control groups are left to us. */
async function clearKilledRuns(folder: string, bed: Bed): Promise<void> {
  for (const name of await readdir(folder)) {
    if (await identify(Number.parseInt(name, 10))) continue;
    const fifo = join(folder, name);
    await bringDownOwned(bed, fifo);
    await rm(fifo, { force: true });
  }
}
