import type { ObjectStores } from '../adapters/objects/objects.ts';
import type { Postgres } from '../adapters/postgres/postgres.ts';
import type { ProcessRunner } from '../adapters/process/process.ts';
import type { Clock } from '../core/clock.ts';
import type { Scope } from '../core/scope.ts';

/** The adapters that backup and restore use, each made when it is first asked for. */
export interface BackupAdapters {
  postgres(): Promise<Postgres>;
  objects(): Promise<ObjectStores>;
  processes(): Promise<ProcessRunner>;
}

/** How a backup or restore gets on. */
export type BackupEvent =
  | { readonly type: 'step'; readonly name: string }
  /** How much is known to come, or likely, in the step under way; all of these together. */
  | { readonly type: 'expected'; readonly bytes: number }
  | { readonly type: 'bytes'; readonly bytes: number }
  | { readonly type: 'done'; readonly name: string; readonly durationMs: number };

export interface BackupSystems {
  readonly adapters: BackupAdapters;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly scope: Scope;
  /** Folder of runs and leftovers, where the journal of a run is kept. */
  readonly home: string;
  /** Where references of the configuration such as `env:NAME` are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly toolVersion: string;
  /** Milliseconds for which a lease of a repository holds that is not prolonged; 120 s when not given. */
  readonly leaseTermMs?: number;
  readonly onEvent: (event: BackupEvent) => void;
}

export interface StepRecord {
  readonly name: string;
  readonly status: 'done' | 'failed';
  /** Milliseconds, wall. */
  readonly durationMs: number;
}

export interface Steps {
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Those that have ended, in that order. */
  readonly records: readonly StepRecord[];
  /** Milliseconds of the steps of that name. */
  duration(name: string): number;
}

/** Times what a use case does, step by step. */
export function startSteps({ clock, onEvent }: Pick<BackupSystems, 'clock' | 'onEvent'>): Steps {
  const records: StepRecord[] = [];
  return {
    records,
    duration: (name) =>
      records.reduce((sum, step) => (step.name === name ? sum + step.durationMs : sum), 0),
    async run(name, work) {
      onEvent({ type: 'step', name });
      const began = clock.monotonic();
      let status: StepRecord['status'] = 'failed';
      try {
        const result = await work();
        status = 'done';
        return result;
      } finally {
        const durationMs = Math.round(clock.monotonic() - began);
        records.push({ name, status, durationMs });
        if (status === 'done') onEvent({ type: 'done', name, durationMs });
      }
    },
  };
}

/**
 * Runs works beside each other. The first that fails aborts the others, and its error is thrown once
 * all of them have ended.
 */
export async function together<T extends readonly unknown[]>(
  signal: AbortSignal,
  works: { readonly [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> },
): Promise<T> {
  const failed = new AbortController();
  const inner = AbortSignal.any([signal, failed.signal]);
  let first: { readonly error: unknown } | undefined;
  const guarded = async (work: (signal: AbortSignal) => Promise<unknown>) => {
    try {
      return await work(inner);
    } catch (error) {
      first ??= { error };
      failed.abort(error);
      throw error;
    }
  };
  const settled = await Promise.allSettled(works.map(guarded));
  signal.throwIfAborted();
  if (first) throw first.error;
  // Every work has ended well, in the order it was given.
  return settled.map((entry) => (entry.status === 'fulfilled' ? entry.value : undefined)) as never;
}

/** Applies `work` to what comes, `width` at a time, and gives the results in the order of the source. */
export async function* inOrder<A, B>(
  source: AsyncIterable<A>,
  width: number,
  work: (item: A) => Promise<B>,
): AsyncGenerator<B> {
  const running: Promise<B>[] = [];
  try {
    for await (const item of source) {
      const started = work(item);
      started.catch(() => undefined);
      running.push(started);
      const oldest = running.length >= width ? running.shift() : undefined;
      if (oldest) yield await oldest;
    }
    for (let next = running.shift(); next; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
