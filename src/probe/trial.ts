import type { Evidence } from '../core/evidence.ts';
import { Fault } from '../core/fault.ts';
import type { Bench } from './bench.ts';
import type { RunSettings } from './settings.ts';
import { type Run, startRun } from './start.ts';

/** Whether it started with some settings; null when that could not be tried. */
export interface Tried {
  readonly works: boolean | null;
  readonly why: string;
  readonly log?: Evidence;
}

/** Faults that a setting may bring about. */
const ofSettings: readonly string[] = ['engine-failed', 'cluster-failed'];

/**
 * Starts the image once with other settings, and removes it again.
 * @param what names the trial, once per bench: its log is kept under that name
 * @param use looks at it while it runs
 */
export async function tryOnce(
  what: string,
  settings: RunSettings,
  bench: Bench,
  use?: (run: Run) => Promise<void>,
): Promise<Tried> {
  let run: Run | undefined;
  try {
    run = await startRun(what, settings, bench);
    if (run.start.works) await use?.(run);
    const { works, why, log } = run.start;
    return { works, why, ...(log && { log }) };
  } catch (error) {
    bench.signal.throwIfAborted();
    // That a setting is not known here, or not let in, says nothing about the image.
    if (!(error instanceof Fault) || !ofSettings.includes(error.code)) throw error;
    return { works: null, why: bench.redact(error.message) };
  } finally {
    // What an interruption leaves is removed with the bench.
    if (run && !bench.signal.aborted) await bench.remove(run.container);
  }
}
