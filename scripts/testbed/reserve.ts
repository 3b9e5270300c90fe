import { join } from 'node:path';
import { bedNumbers, home } from './bed.ts';
import { takeFileLock } from './lock.ts';
import { Problem } from './problem.ts';

export interface Reservation {
  readonly number: number;
  release(): Promise<void>;
}

/** The first bed from a number on that no other run has reserved; it is free again when we end. */
export async function reserveBed(from: number = bedNumbers.min): Promise<Reservation> {
  for (let number = from; number <= bedNumbers.max; number++) {
    const lock = await takeFileLock(join(home(), 'locks', `run-${number}.lock`), 0);
    if (lock) return { number, release: lock.release };
  }
  throw new Problem(
    'every test bed is in use; end a run, or bring one down with `npm run testbed -- down --bed N`',
  );
}
