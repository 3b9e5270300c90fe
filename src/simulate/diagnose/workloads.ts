import type { KubeObject } from '../../adapters/kube/kube.ts';
import { listAt, numberAt, stringAt } from '../../validators/manifest/read.ts';
import { conditionOf, replicasOf } from '../object-id.ts';
import type { Cause } from '../observation.ts';
import type { Standing } from '../readiness.ts';
import type { View } from '../world.ts';
import { claimSignals } from './claims.ts';
import { podSignals } from './pods.ts';
import { grace, type Signal, signal } from './signal.ts';

/** What keeps a workload from being ready, the surest first. */
export function signalsOf(workload: KubeObject, standing: Standing, view: View): Signal[] {
  if (workload.kind === 'PersistentVolumeClaim') return claimSignals(workload, view);
  const pods = view
    .podsOf(workload)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ofPods = pods.flatMap((pod) => podSignals(pod, view));
  const found = [...refusedPods(workload, view), ...ofPods].sort(
    (a, b) => a.graceMs - b.graceMs || weightOf(a) - weightOf(b),
  );
  if (standing.state !== 'failed') return found;
  // The workload has given up itself; its pods say why.
  const [first] = found;
  if (workload.kind === 'Job') {
    const last = lastPodOf(workload, view);
    const why = first?.cause ?? (last && podSignals(last, view)[0]?.cause);
    const detail = why ? `${standing.message}; ${why.detail}` : standing.message;
    const place = why ?? (last && placeIn(last));
    return [signal('job-failed', grace.none, detail, known(place)), ...found];
  }
  if (first && first.cause.reason !== 'not-ready') {
    return [{ ...first, graceMs: grace.none }, ...found.slice(1)];
  }
  const reason = workload.kind === 'Deployment' ? 'progress-deadline' : 'pod-failed';
  const detail = first ? `${standing.message}; ${first.cause.detail}` : standing.message;
  return [signal(reason, grace.none, detail)];
}

/** A pod that was ended says more than the one in its place, which has not come as far. */
function weightOf({ cause: { reason } }: Signal): number {
  if (reason === 'not-ready') return 2;
  return reason === 'pod-failed' ? 0 : 1;
}

function known(place: Pick<Cause, 'pod' | 'container'> | undefined) {
  return {
    ...(place?.pod ? { pod: place.pod } : {}),
    ...(place?.container ? { container: place.container } : {}),
  };
}

/** The last pod of a Job; it may be going already, as a running one does when the Job gives up. */
function lastPodOf(workload: KubeObject, view: View): KubeObject | undefined {
  const made = ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '';
  const [last] = view.podsOf(workload).toSorted((a, b) => made(b).localeCompare(made(a)));
  return last;
}

/** The log of the only container is worth a look whatever happened. */
function placeIn(pod: KubeObject): Pick<Cause, 'pod' | 'container'> {
  const [container, ...more] = listAt(pod, 'spec', 'containers');
  const name = more.length === 0 ? stringAt(container, 'name') : undefined;
  return { pod: pod.metadata.name, container: name ?? null };
}

/** Pods that the API server does not let in: their maker says so, the pods are not there. */
function refusedPods(workload: KubeObject, view: View): Signal[] {
  const namespace = workload.metadata.namespace ?? '';
  const makers = workload.kind === 'Deployment' ? view.ownedBy(workload, 'ReplicaSet') : [workload];
  return makers.flatMap((maker) => {
    const condition = conditionOf(maker, 'ReplicaFailure');
    if (condition?.status === 'True') return [refusal(condition.message, namespace)];
    const [event] = view.warningsAbout(maker).filter(({ reason }) => reason === 'FailedCreate');
    return event && lacksPods(maker, view) ? [refusal(event.message, namespace)] : [];
  });
}

function lacksPods(maker: KubeObject, view: View): boolean {
  const pods = view.podsOf(maker).length;
  if (maker.kind === 'DaemonSet') {
    return pods < (numberAt(maker, 'status', 'desiredNumberScheduled') ?? 0);
  }
  return maker.kind === 'Job' ? pods === 0 : pods < replicasOf(maker);
}

/** Objects that a controller of the namespace, or we ourselves, make a moment later. */
const passing = /status unknown for quota|failed calling webhook|object has been modified/;

function refusal(message: string, namespace: string): Signal {
  const said = message
    .replace(/^\(combined from similar events\): /, '')
    .replace(/^Error creating: |^create Pod \S+ in \S+ \S+ failed error: /, '')
    .replace(/^pods "[^"]*" is forbidden: /, '')
    .replaceAll(`${namespace}/`, '');
  const graceMs = passing.test(message) ? grace.tolerated : grace.short;
  if (/violates PodSecurity/.test(message)) return signal('pod-security', graceMs, said);
  if (/exceeded quota|failed quota/.test(message)) return signal('quota', graceMs, said);
  if (/webhook/.test(message)) return signal('webhook', graceMs, said);
  return signal('pods-refused', graceMs, said);
}
