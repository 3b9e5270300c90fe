import type { KubeObject } from '../adapters/kube/object.ts';
import { listAt, numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { predict, type Shape, type Source, type Term, type WorkloadTimes } from './estimate.ts';
import type { KnownRevision } from './history.ts';
import type { DryRun, ImageState } from './observation.ts';
import { restartsOf } from './pods.ts';
import { pullRates } from './pulls.ts';
import { conditionOf, isReady, rolloutNumbers } from './status.ts';
import type { PodTemplate } from './template.ts';
import type { WorkloadObjects } from './workload.ts';

/** Seconds, where nothing better is known; each makes the whole an assumption. */
const assumed = { schedule: 2, start: 8, unpack: 6, init: 5, order: 5 } as const;
/** Bytes a second, compressed. */
const assumedPullRate = 25_000_000;

export interface TimeInputs {
  readonly objects: WorkloadObjects;
  readonly revisions: readonly KnownRevision[];
  readonly target: KnownRevision;
  readonly images: readonly ImageState[];
  readonly patch: DryRun | undefined;
  /** Events of the reason `Pulled` in the namespace. */
  readonly pulls: readonly KubeObject[];
}

/** What is known about how long a workload takes, from its pods, its last rollout and its spec. */
export function timesOf(inputs: TimeInputs): WorkloadTimes {
  const { objects, target, patch } = inputs;
  const { workload } = objects;
  const grace = numberAt(target.podTemplate, 'spec', 'terminationGracePeriodSeconds') ?? 30;
  const order = patch?.outcome === 'accepted' ? patch.seconds : undefined;
  return {
    name: `${workload.kind.toLowerCase()}/${workload.metadata.name}`,
    shape: shapeOf(workload),
    api:
      order === undefined
        ? term('order', 0, assumed.order, assumed.order, 'assumed', 'no dry run to measure it by')
        : term(
            'order',
            order / 2,
            order,
            order + assumed.order,
            'measured',
            `the dry run took ${order.toFixed(2)} s; ${assumed.order} s more for the controller`,
          ),
    pod: podTerms(inputs),
    termination: term('old pod ends', 0, grace, grace + 2, 'spec', 'terminationGracePeriodSeconds'),
    lastRollout: lastRolloutOf(inputs),
  };
}

function shapeOf(workload: KubeObject): Shape {
  const { replicas, surge, unavailable } = rolloutNumbers(workload);
  if (workload.kind === 'StatefulSet') return { kind: 'StatefulSet', replicas };
  if (workload.kind === 'DaemonSet') return { kind: 'DaemonSet', nodes: replicas, unavailable };
  const recreate = stringAt(workload, 'spec', 'strategy', 'type') === 'Recreate';
  return { kind: 'Deployment', replicas, surge, unavailable, recreate };
}

/** From the creation of a pod until it is available. */
function podTerms({ objects, target, images, pulls }: TimeInputs): Term[] {
  const settled = numberAt(objects.workload, 'spec', 'minReadySeconds') ?? 0;
  const samples = readySeconds(objects.pods);
  const range = predict(samples);
  const minReady =
    settled > 0 ? [term('min ready', settled, settled, settled, 'spec', 'minReadySeconds')] : [];
  const pull = pullTerms(images, pulls);
  if (range) {
    const how = `${samples.length} pods that run now: ${samples.join(', ')} s from creation to ready; 95 % range`;
    // The times are told in whole seconds.
    return [
      ...pull,
      term('pod ready', range.low, range.value, range.high + 1, 'history', how),
      ...minReady,
    ];
  }
  const [only] = samples;
  if (only !== undefined) {
    const how = `one pod took ${only} s; one says nothing of the range`;
    return [
      ...pull,
      term('pod ready', only / 2, only, Math.max(1, only) * 3, 'assumed', how),
      ...minReady,
    ];
  }
  return [...pull, ...specTerms(target.podTemplate), ...minReady];
}

/** Seconds from creation to ready of the pods that are, a restarted one left out. */
export function readySeconds(pods: readonly KubeObject[]): number[] {
  return pods
    .filter((pod) => isReady(pod) && restartsOf(pod) === 0)
    .flatMap((pod) => between(pod.metadata.creationTimestamp, conditionOf(pod, 'Ready')?.changed));
}

function between(from: string | undefined, to: string | undefined): number[] {
  const seconds = (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
  return Number.isNaN(seconds) || seconds < 0 ? [] : [seconds];
}

/** Without a pod to learn from: what the probes say, and guesses for what nothing says. */
function specTerms(template: PodTemplate): Term[] {
  const inits = listAt(template, 'spec', 'initContainers').length;
  const guess = 'no pod of it has run where it could be timed';
  const { low, value, high } = probeSeconds(template);
  return [
    term('schedule', 0, assumed.schedule, assumed.schedule * 5, 'assumed', guess),
    ...(inits === 0
      ? []
      : [term('init', 0, assumed.init * inits, assumed.init * inits * 10, 'assumed', guess)]),
    term('start', 0, assumed.start, assumed.start * 10, 'assumed', guess),
    term('probe', low, value, high, 'spec', 'initial delay, period and thresholds of the probes'),
  ];
}

/** The slowest container: mean wait half a period, worst a whole one. */
export function probeSeconds(template: PodTemplate): { low: number; value: number; high: number } {
  const each = listAt(template, 'spec', 'containers').map((container) => {
    const probe = partAt(container, 'readinessProbe');
    if (probe === undefined) return { delay: 0, period: 0 };
    const period = numberAt(probe, 'periodSeconds') ?? 10;
    const thresholds = period * ((numberAt(probe, 'successThreshold') ?? 1) - 1);
    const own = numberAt(probe, 'initialDelaySeconds') ?? 0;
    const startup = numberAt(container, 'startupProbe', 'initialDelaySeconds') ?? 0;
    return { delay: Math.max(own, startup) + thresholds, period };
  });
  const worst = (of: (probe: { delay: number; period: number }) => number) =>
    Math.max(0, ...each.map(of));
  return {
    low: worst(({ delay }) => delay),
    value: worst(({ delay, period }) => delay + period / 2),
    high: worst(({ delay, period }) => delay + period),
  };
}

function pullTerms(images: readonly ImageState[], pulls: readonly KubeObject[]): Term[] {
  const wanted = images.filter(
    ({ cachedOn, nodes, pullPolicy }) => nodes === 0 || cachedOn < nodes || pullPolicy === 'Always',
  );
  if (wanted.length === 0) return [];
  const rate = predict(pullRates(pulls));
  const bytes = wanted.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const names = wanted.map(({ image }) => image).join(', ');
  if (rate && wanted.every(({ size }) => size !== null)) {
    const how = `${bytes} bytes of ${names}; rate of the pulls of the last hour`;
    return [term('pull', 0, bytes / rate.value, bytes / rate.low, 'history', how)];
  }
  const seconds = (bytes || 500_000_000) / assumedPullRate + assumed.unpack;
  const how = `not on every node: ${names}; ${assumedPullRate / 1e6} MB/s and ${assumed.unpack} s to unpack`;
  return [term('pull', 0, seconds, seconds * 10, 'assumed', how)];
}

/**
 * From the creation of the ReplicaSet to the end of its rollout. A ReplicaSet that was used again has
 * its first creation time, so it tells nothing.
 */
function lastRolloutOf({ objects: { workload }, revisions }: TimeInputs): Term | null {
  const current = revisions.find((revision) => revision.current);
  const progressing = conditionOf(workload, 'Progressing');
  if (workload.kind !== 'Deployment' || !current || current.earlier.length > 0) return null;
  if (progressing?.reason !== 'NewReplicaSetAvailable') return null;
  const [seconds] = between(current.created, progressing.updated);
  if (seconds === undefined) return null;
  const how = `the rollout of revision ${current.number} took ${seconds} s`;
  return term('rollout', Math.max(0, seconds - 1), seconds, seconds + 1, 'history', how);
}

export function term(
  name: string,
  low: number,
  value: number,
  high: number,
  source: Source,
  how: string,
): Term {
  return { name, value, low, high, source, how };
}
