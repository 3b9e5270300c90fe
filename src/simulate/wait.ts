import type { Clock } from '../core/clock.ts';
import { type Assessed, type Awaited, assess, type Since } from './assess.ts';
import { orAborted } from './until.ts';
import type { LiveWorld } from './world.ts';

export interface WaitResult {
  readonly ended: 'ready' | 'doomed' | 'deadline';
  readonly workloads: readonly Assessed[];
  /** Milliseconds since the wait began, by uid of the object. */
  readonly readyAfterMs: ReadonlyMap<string, number>;
}

export interface WaitRequest {
  readonly awaited: readonly Awaited[];
  readonly world: LiveWorld;
  /** Milliseconds. */
  readonly deadlineMs: number;
  /** Milliseconds that it goes on although everything is ready. */
  readonly steadyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onState: (assessed: Assessed) => void;
}

/** Waits until everything is ready, something is hopeless, or the time is over. */
export async function waitFor(request: WaitRequest): Promise<WaitResult> {
  const { awaited, world, deadlineMs, steadyMs, clock, signal, onState } = request;
  const began = clock.monotonic();
  const readyAfterMs = new Map<string, number>();
  const told = new Map<string, string>();
  let since: Since = new Map();
  let refreshed = false;
  for (;;) {
    signal.throwIfAborted();
    const change = world.changed();
    // It may fail while nobody waits; the next turn then says so.
    change.catch(() => undefined);
    const now = clock.monotonic();
    const assessment = assess(world.current(), awaited, since, now);
    since = assessment.since;
    const { workloads } = assessment;
    for (const assessed of workloads) {
      const uid = assessed.awaited.accepted.metadata.uid ?? '';
      if (assessed.state === 'ready' && !readyAfterMs.has(uid)) {
        readyAfterMs.set(uid, Math.round(now - began));
      }
      const line = `${assessed.state} ${assessed.message} ${troubleOf(assessed)}`;
      if (told.get(uid) !== line) onState(assessed);
      told.set(uid, line);
    }
    const elapsedMs = now - began;
    const ended = endOf(workloads, elapsedMs >= steadyMs, elapsedMs >= deadlineMs);
    if (ended === 'deadline' && !refreshed) {
      // A watch that hangs must not fail a good release.
      refreshed = true;
      await world.refresh(signal);
      continue;
    }
    if (ended) return { ended, workloads, readyAfterMs };
    const moments = [assessment.nextMs, began + steadyMs, began + deadlineMs];
    const nextMs = Math.min(...moments.flatMap((ms) => (ms !== undefined && ms > now ? ms : [])));
    await earliest(change, nextMs - now, signal);
  }
}

/** A pod on its way changes too often to be told of. */
function troubleOf({ cause }: Assessed): string {
  if (cause === null || cause.reason === 'not-ready') return '';
  return `${cause.reason} ${cause.container}`;
}

function endOf(
  workloads: readonly Assessed[],
  steady: boolean,
  over: boolean,
): WaitResult['ended'] | undefined {
  if (workloads.some(({ state }) => state === 'failed')) return 'doomed';
  const settled = workloads.every(({ state }) => state !== 'waiting');
  if (settled && steady) return 'ready';
  return over ? 'deadline' : undefined;
}

async function earliest(change: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(1, Math.ceil(ms)));
  try {
    await orAborted(Promise.race([change, promise]), signal);
  } finally {
    clearTimeout(timer);
  }
}
