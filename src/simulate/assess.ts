import type { KubeObject } from '../adapters/kube/kube.ts';
import type { ReadinessRule } from './custom.ts';
import type { Signal } from './diagnose/signal.ts';
import { signalsOf } from './diagnose/workloads.ts';
import type { Cause, ObjectId, WorkloadState } from './observation.ts';
import { type Standing, standingOf } from './readiness.ts';
import { settlingOf } from './settling.ts';
import { type View, viewOf, type World } from './world.ts';

/** What is waited for: an object of the release, as it was accepted. */
export interface Awaited {
  readonly id: ObjectId;
  readonly accepted: KubeObject;
  /** For custom resources of some kinds. */
  readonly rules?: readonly ReadinessRule[];
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
  const isOver = (key: string, ms: number): boolean => {
    const first = since.get(key) ?? now;
    seen.set(key, first);
    const due = first + ms;
    if (due > now && Number.isFinite(due)) nextMs = Math.min(nextMs ?? due, due);
    return due <= now;
  };
  const workloads = awaited.map((entry): Assessed => {
    const { accepted } = entry;
    const object = world.objects.get(accepted.metadata.uid ?? '') ?? accepted;
    const standing = settled(object, view, entry.rules, isOver);
    const { state, message } = standing;
    if (state !== 'waiting' && state !== 'failed') {
      return { awaited: entry, state, message, cause: null };
    }
    const signals = signalsOf(object, standing, view);
    // Each is looked at, since each has a time of its own.
    const [decided] = signals.filter((found) => isOver(keyOf(object, found), found.graceMs));
    const { cause = null } = decided ?? signals[0] ?? {};
    return { awaited: entry, state: decided ? 'failed' : state, message, cause };
  });
  return { workloads, nextMs, since: seen };
}

/** Milliseconds that a controller may take to say anything of what is its own. */
const silentMs = 15_000;

/** What is ready counts as such when nothing went wrong just before. */
function settled(
  object: KubeObject,
  view: View,
  rules: readonly ReadinessRule[] | undefined,
  isOver: (key: string, ms: number) => boolean,
): Standing {
  const standing = standingOf(object, view, rules);
  if (standing.state === 'unknown' && !isOver(`${object.metadata.uid} silent`, silentMs)) {
    return { state: 'waiting', message: 'its controller has not said how it stands' };
  }
  if (standing.state !== 'ready') return standing;
  const [unsettled] = settlingOf(object, view).filter(({ key, ms }) => !isOver(key, ms));
  if (!unsettled) return standing;
  return { state: 'waiting', message: `${standing.message}, ${unsettled.why}` };
}

/** A pod that takes the place of another has the same trouble. */
function keyOf(object: KubeObject, { cause }: Signal): string {
  return `${object.metadata.uid}/${cause.reason}/${cause.container ?? ''}`;
}
