import type { Kube, KubeObject } from '../../adapters/kube/kube.ts';
import type { Clock } from '../../core/clock.ts';
import { listAt, numberAt, partAt, stringAt } from '../../validators/manifest/read.ts';
import type { Looked, StopSeen } from '../../validators/runtime/observation.ts';
import { orAborted, within } from '../until.ts';
import type { LiveWorld } from '../world.ts';

export interface RestartContext {
  /** May remove pods of the sandbox. */
  readonly kube: Kube;
  readonly world: LiveWorld;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How each container ended, by `pod/container`. */
export type Stops = ReadonlyMap<string, Looked<StopSeen>>;

/** Seconds: a longer grace is not waited for, and how long the platform may take on top. */
const longestGrace = 300;
const marginSeconds = 30;
/** Exit code of a process that SIGKILL ended (128 + 9). */
const killedCode = 137;
/** Seconds by which clocks and watches may differ. */
const toleranceSeconds = 1;

/** Whether somebody makes another one in its place. */
export const isReplaced = (pod: KubeObject): boolean =>
  listAt(pod, 'metadata', 'ownerReferences').some((owner) => partAt(owner, 'controller') === true);

/** Removes pods as a rollout does, and watches how their containers end. Their owners make others. */
export async function stopPods(
  pods: readonly KubeObject[],
  context: RestartContext,
): Promise<Stops> {
  const stops = await Promise.all(pods.map((pod) => stopPod(pod, context)));
  return new Map(stops.flat());
}

async function stopPod(
  pod: KubeObject,
  { kube, world, clock, signal }: RestartContext,
): Promise<[string, Looked<StopSeen>][]> {
  const { name, namespace = '', uid = '' } = pod.metadata;
  const containers = listAt(pod, 'spec', 'containers').map(
    (entry) => stringAt(entry, 'name') ?? '',
  );
  const all = (looked: Looked<StopSeen>): [string, Looked<StopSeen>][] =>
    containers.map((container) => [`${name}/${container}`, looked]);
  const graceSeconds = numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 30;
  if (graceSeconds > longestGrace) {
    return all({ why: `its grace is ${graceSeconds} s, which is longer than is waited` });
  }
  const before = new Map(
    containers.map((container) => [container, finishOf(world.lastEnd(pod, container))]),
  );
  const ended = new Map<string, { readonly seconds: number; readonly end: unknown }>();
  const began = clock.monotonic();
  const passed = () => (clock.monotonic() - began) / 1000;
  const ref = { apiVersion: 'v1', kind: 'Pod', name, namespace };
  const removed = await kube.remove(ref, { uid }, signal);
  if (removed.outcome === 'refused') return all({ why: removed.status.message });

  const gone = await within((graceSeconds + marginSeconds) * 1000, signal, async (inTime) => {
    for (;;) {
      inTime.throwIfAborted();
      const change = world.changed();
      change.catch(() => undefined);
      for (const container of containers) {
        const end = world.lastEnd(pod, container);
        if (finishOf(end) !== before.get(container) && !ended.has(container)) {
          ended.set(container, { seconds: passed(), end });
        }
      }
      if (!world.current().objects.has(uid)) return passed();
      await orAborted(change, inTime);
    }
  });
  return containers.map((container) => {
    const key = `${name}/${container}`;
    const seen = ended.get(container);
    if (gone === undefined && seen === undefined) {
      return [
        key,
        { why: `it was not gone ${marginSeconds} s after its grace of ${graceSeconds} s` },
      ];
    }
    const seconds = seen?.seconds ?? gone ?? 0;
    const exitCode = numberAt(seen?.end, 'exitCode') ?? null;
    const late = seconds >= graceSeconds - toleranceSeconds;
    const killed = late && (exitCode === killedCode || exitCode === null);
    return [key, { seen: { graceSeconds, seconds: rounded(seconds), exitCode, killed } }];
  });
}

const finishOf = (end: unknown): string | undefined => stringAt(end, 'finishedAt');

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
