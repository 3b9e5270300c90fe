import type { Kube } from '../adapters/kube/kube.ts';
import type { Clock } from '../core/clock.ts';
import type { Reach } from './behaviour/asking.ts';
import { objectText } from './object-id.ts';
import { type Place, placeOf, podsBehind } from './place.ts';
import type { PlannedObject } from './plan.ts';
import { stopPods } from './runtime/restart.ts';
import type { WaitResult } from './wait.ts';
import type { LiveWorld } from './world.ts';

/** A release that is up, and how its services are reached. */
export interface ReachStage {
  /** As the account of the sandbox. */
  readonly kube: Kube;
  readonly sandbox: string;
  readonly inside: readonly PlannedObject[];
  readonly world: LiveWorld;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Waits until everything is ready and has been so for a time in milliseconds. */
  waiting(steadyMs: number): Promise<WaitResult>;
}

/** A service that is reached through a forwarded port. */
export interface OpenReach extends Reach, AsyncDisposable {
  place(): Place;
  /** Why the last connection that could not be carried failed; undefined when none did. */
  problem(): string | undefined;
}

/** Milliseconds: for an answer, and that what was replaced has to stay ready. */
const answerMs = 10_000;
const steadyMs = 1000;

/** @returns why there is none, in words */
export async function reachOf(service: string, stage: ReachStage): Promise<OpenReach | string> {
  const { kube, sandbox, inside, world, signal } = stage;
  const open = async () => {
    const place = placeOf(service, inside, world.current());
    if (typeof place === 'string') return place;
    const pod = { name: place.pod, namespace: sandbox };
    return { place, forward: await kube.forward(pod, place.port, signal) };
  };
  const first = await open();
  if (typeof first === 'string') return first;
  let way = first;
  return {
    place: () => way.place,
    pod: () => way.place.pod,
    asking: () => {
      const origin = `${way.place.scheme}://127.0.0.1:${way.forward.port}`;
      // As the kubelet does, which asks pods by their addresses.
      return { origin, timeoutMs: answerMs, verify: false, signal };
    },
    problem: () => way.forward.problem(),
    async restart() {
      const problem = await replacePods(service, stage);
      if (problem !== null) return problem;
      const next = await open();
      if (typeof next === 'string') return next;
      await way.forward.close();
      way = next;
      return null;
    },
    [Symbol.asyncDispose]: () => way.forward.close(),
  };
}

/** @returns what did not come back, in words; null when all did */
async function replacePods(service: string, stage: ReachStage): Promise<string | null> {
  const { inside, world, waiting } = stage;
  const pods = podsBehind(service, inside, world.current());
  if (typeof pods === 'string') return pods;
  const stops = await stopPods(pods, stage);
  for (const [container, stop] of stops) {
    if ('why' in stop) return `${container} cannot be replaced: ${stop.why}`;
  }
  const { ended, workloads } = await waiting(steadyMs);
  if (ended === 'ready') return null;
  const [late] = workloads.filter(({ state }) => state === 'failed' || state === 'waiting');
  if (!late) return 'not everything became ready again';
  const { awaited, cause, message } = late;
  return `${objectText(awaited.id)} did not become ready again: ${cause?.detail ?? message}`;
}
