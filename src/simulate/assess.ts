import type { KubeObject } from '../adapters/kube/kube.ts';
import { listAt, numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import type { Signal } from './diagnose/signal.ts';
import { signalsOf } from './diagnose/workloads.ts';
import type { Cause, ObjectId, WorkloadState } from './observation.ts';
import { standingOf } from './readiness.ts';
import { type View, viewOf, type World } from './world.ts';

/** What is waited for: an object of the release, as it was accepted. */
export interface Awaited {
  readonly id: ObjectId;
  readonly accepted: KubeObject;
}

export interface Assessed {
  readonly awaited: Awaited;
  readonly state: WorkloadState;
  readonly message: string;
  readonly cause: Cause | null;
}

export interface Assessment {
  /** In the order of the release. */
  readonly workloads: readonly Assessed[];
  /** When a signal will have lasted as long as it may; undefined when none is counted. */
  readonly nextMs: number | undefined;
}

/** When each signal was first seen. */
export type Since = ReadonlyMap<string, number>;

/**
 * How everything stands at one moment.
 * @param since of the moment before
 * @param now milliseconds of any clock that never jumps
 */
export function assess(
  world: World,
  awaited: readonly Awaited[],
  since: Since,
  now: number,
): Assessment & { readonly since: Since } {
  const view = viewOf(world);
  const seen = new Map<string, number>();
  let nextMs: number | undefined;
  const workloads = awaited.map((entry): Assessed => {
    const { accepted } = entry;
    const object = world.objects.get(accepted.metadata.uid ?? '') ?? accepted;
    const standing = standingOf(object, view);
    const { state, message } = standing;
    if (state !== 'waiting' && state !== 'failed') {
      const unsettled = state === 'ready' ? upAgain(object, view) : [];
      for (const key of unsettled) {
        const first = since.get(key) ?? now;
        seen.set(key, first);
        const due = first + settleMs;
        if (due <= now) continue;
        nextMs = Math.min(nextMs ?? due, due);
        const told = `${message}, one just restarted`;
        return { awaited: entry, state: 'waiting', message: told, cause: null };
      }
      return { awaited: entry, state, message, cause: null };
    }
    const signals = signalsOf(object, standing, view);
    let decided: Signal | undefined;
    for (const found of signals) {
      const key = keyOf(object, found);
      const first = since.get(key) ?? now;
      seen.set(key, first);
      const due = first + found.graceMs;
      if (due <= now) decided ??= found;
      else if (Number.isFinite(due)) nextMs = Math.min(nextMs ?? due, due);
    }
    const shown = decided ?? signals[0];
    return {
      awaited: entry,
      state: decided ? 'failed' : state,
      message,
      cause: shown?.cause ?? null,
    };
  });
  return { workloads, nextMs, since: seen };
}

/** Milliseconds that a container which went down has to be up before it counts as ready. */
const settleMs = 20_000;

/** The instances of containers that were started again, each with a name of its own. */
function upAgain(object: KubeObject, view: View): string[] {
  return view.podsOf(object).flatMap((pod) =>
    listAt(pod, 'status', 'containerStatuses').flatMap((status) => {
      const restarts = numberAt(status, 'restartCount') ?? 0;
      const runs = partAt(status, 'state', 'running') !== undefined;
      const name = `${pod.metadata.uid}/${stringAt(status, 'name')}/${restarts}`;
      return restarts > 0 && runs ? [name] : [];
    }),
  );
}

/** A pod that takes the place of another has the same trouble. */
function keyOf(object: KubeObject, { cause }: Signal): string {
  return `${object.metadata.uid}/${cause.reason}/${cause.container ?? ''}`;
}
