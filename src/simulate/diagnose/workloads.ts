import type { KubeObject } from '../../adapters/kube/kube.ts';
import { numberAt } from '../../validators/manifest/read.ts';
import { conditionOf, replicasOf } from '../object-id.ts';
import type { Standing } from '../readiness.ts';
import type { View } from '../world.ts';
import { podSignals } from './pods.ts';
import { grace, type Signal, signal } from './signal.ts';

/** What keeps a workload from being ready, the surest first. */
export function signalsOf(workload: KubeObject, standing: Standing, view: View): Signal[] {
  const pods = view
    .podsOf(workload)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ofPods = pods.flatMap((pod) => podSignals(pod, view));
  const found = [...refusedPods(workload, view), ...ofPods].sort((a, b) => a.graceMs - b.graceMs);
  if (standing.state !== 'failed') return found;
  // The workload has given up itself; its pods say why.
  const [first] = found;
  if (workload.kind === 'Job') {
    const why = first?.cause ?? lastPodOf(workload, view);
    const detail = why ? `${standing.message}; ${why.detail}` : standing.message;
    const place = { pod: why?.pod ?? undefined, container: why?.container ?? undefined };
    return [signal('job-failed', grace.none, detail, known(place)), ...found];
  }
  if (first) return [{ ...first, graceMs: grace.none }, ...found.slice(1)];
  const reason = workload.kind === 'Deployment' ? 'progress-deadline' : 'pod-failed';
  return [signal(reason, grace.none, standing.message)];
}

function known({ pod, container }: { pod: string | undefined; container: string | undefined }) {
  return {
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
  };
}

/** What the last pod of a Job says; it may be going already, as a running one does when the Job gives up. */
function lastPodOf(workload: KubeObject, view: View) {
  const made = ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '';
  const pods = view.podsOf(workload).toSorted((a, b) => made(b).localeCompare(made(a)));
  return pods.flatMap((pod) => podSignals(pod, view))[0]?.cause;
}

/** Pods that the API server does not let in: their maker says so, the pods are not there. */
function refusedPods(workload: KubeObject, view: View): Signal[] {
  const makers = workload.kind === 'Deployment' ? view.ownedBy(workload, 'ReplicaSet') : [workload];
  return makers.flatMap((maker) => {
    const condition = conditionOf(maker, 'ReplicaFailure');
    if (condition?.status === 'True') return [refusal(condition.message)];
    const [event] = view.warningsAbout(maker).filter(({ reason }) => reason === 'FailedCreate');
    return event && lacksPods(maker, view) ? [refusal(event.message)] : [];
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

function refusal(message: string): Signal {
  const said = message.replace(/^Error creating: /, '').replace(/^pods "[^"]*" is forbidden: /, '');
  const graceMs = passing.test(message) ? grace.tolerated : grace.short;
  if (/violates PodSecurity/.test(message)) return signal('pod-security', graceMs, said);
  if (/exceeded quota|failed quota/.test(message)) return signal('quota', graceMs, said);
  if (/webhook/.test(message)) return signal('webhook', graceMs, said);
  return signal('pods-refused', graceMs, said);
}
