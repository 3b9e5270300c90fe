import { execFileSync } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bedNumbers, createBed, home } from '../scripts/testbed/bed.ts';
import { bringDownOwned } from '../scripts/testbed/down.ts';
import { takeFileLock } from '../scripts/testbed/lock.ts';

/**
 * One bed for the whole run. Its parts are started by the first test that needs them and end with
 * this process, also when it is killed: each of them waits at the FIFO that is held open here.
 */
export async function setup(): Promise<() => Promise<void>> {
  const run = await reserveBed();
  const folder = join(home(), 'runs');
  await mkdir(folder, { recursive: true });
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

interface Reservation {
  readonly number: number;
  release(): Promise<void>;
}

/** The bed that DEPLOYCHECK_TESTBED names, or the first that no other run uses. */
async function reserveBed(): Promise<Reservation> {
  const named = process.env.DEPLOYCHECK_TESTBED;
  if (named !== undefined) return { number: Number(named), release: async () => undefined };
  for (let number = bedNumbers.min; number <= bedNumbers.max; number++) {
    const lock = await takeFileLock(join(home(), 'locks', `run-${number}.lock`), 0);
    if (lock) return { number, release: lock.release };
  }
  throw new Error('every test bed is in use; end a run, or `npm run testbed -- down --bed N`');
}
