import type { KubeObject } from '../../adapters/kube/kube.ts';
import { listAt, partAt, stringAt } from '../../validators/manifest/read.ts';
import { conditionOf } from '../object-id.ts';
import type { View } from '../world.ts';
import { claimSignals } from './claims.ts';
import { containerSignals } from './containers.ts';
import { grace, type Signal, signal } from './signal.ts';

/** What keeps one pod from being ready. */
export function podSignals(pod: KubeObject, view: View): Signal[] {
  const { name } = pod.metadata;
  const phase = stringAt(pod, 'status', 'phase');
  if (phase === 'Succeeded') return [];
  const reason = stringAt(pod, 'status', 'reason');
  if (phase === 'Failed' && reason !== undefined) {
    // The node or the kubelet ended it; how its containers ended then says nothing.
    const message = stringAt(pod, 'status', 'message') ?? '';
    return [signal('pod-failed', grace.tolerated, `${reason}: ${message}`, { pod: name })];
  }
  const own = [...placementSignals(pod, view), ...containerSignals(pod, view)];
  if (own.length > 0) return own;
  if (phase !== 'Failed') return stageSignals(pod);
  const message = stringAt(pod, 'status', 'message') ?? 'a container ended with an error';
  return [signal('pod-failed', grace.tolerated, `Failed: ${message}`, { pod: name })];
}

function placementSignals(pod: KubeObject, view: View): Signal[] {
  const { name } = pod.metadata;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return [unschedulable(pod, scheduled.message, view)];
  }
  if (stringAt(pod, 'status', 'phase') !== 'Pending' || hasStarted(pod)) return [];
  const [mount] = view
    .warningsAbout(pod)
    .filter(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume');
  if (!mount) return [];
  const missing = /(secret|configmap) "[^"]*" not found|references non-existent/.test(
    mount.message,
  );
  const graceMs = missing ? grace.short : grace.tolerated;
  const said = mount.message.replaceAll(`${pod.metadata.namespace ?? ''}/`, '');
  return [signal(missing ? 'config-missing' : 'volume', graceMs, said, { pod: name })];
}

function unschedulable(pod: KubeObject, message: string, view: View): Signal {
  const { name } = pod.metadata;
  const [claimless] =
    /persistentvolumeclaim "[^"]*" (not found|bound to non-existent)/.exec(message) ?? [];
  if (claimless !== undefined) return signal('volume', grace.schedule, claimless, { pod: name });
  if (/unbound immediate PersistentVolumeClaims/.test(message)) {
    for (const claim of view.claimsOf(pod)) {
      const [why] = claimSignals(claim, view);
      if (!why) continue;
      const detail = `claim ${claim.metadata.name}: ${why.cause.detail}`;
      return signal('volume', why.graceMs, detail, { pod: name });
    }
  }
  const grows = view.eventsAbout(pod).some(({ reason }) => reason === 'TriggeredScaleUp');
  // What it tried to move away, and that it found nothing, says no more.
  const said = message.replace(/\.? (no new claims to deallocate|preemption:|not found$).*$/, '');
  return signal('unschedulable', grows ? grace.tolerated : grace.schedule, said, { pod: name });
}

/** Volumes are mounted before the first container is made. */
function hasStarted(pod: KubeObject): boolean {
  return conditionOf(pod, 'PodReadyToStartContainers')?.status === 'True';
}

/** How far a pod has come that nothing is known to be wrong with. */
function stageSignals(pod: KubeObject): Signal[] {
  const detail = stageOf(pod);
  if (detail === undefined) return [];
  return [signal('not-ready', grace.tolerated, detail, { pod: pod.metadata.name })];
}

function stageOf(pod: KubeObject): string | undefined {
  const named = `pod ${pod.metadata.name}`;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') return `${named}: ${scheduled.message}`;
  const node = stringAt(pod, 'spec', 'nodeName');
  if (node === undefined) {
    const scheduler = stringAt(pod, 'spec', 'schedulerName') ?? 'default-scheduler';
    return `the scheduler ${scheduler} has not looked at ${named}`;
  }
  const initializing = listAt(pod, 'status', 'initContainerStatuses').find(
    (status) => partAt(status, 'state', 'running') !== undefined && isToEnd(pod, status),
  );
  if (initializing !== undefined) {
    return `the init container ${stringAt(initializing, 'name')} of ${named} still runs`;
  }
  const statuses = listAt(pod, 'status', 'containerStatuses');
  if (statuses.length === 0) return `the kubelet of ${node} has not taken ${named}`;
  const waiting = statuses.find((status) => partAt(status, 'state', 'waiting') !== undefined);
  if (waiting !== undefined) {
    const why = stringAt(waiting, 'state', 'waiting', 'reason');
    return `container ${stringAt(waiting, 'name')} of ${named} on ${node}: ${why}`;
  }
  const ready = conditionOf(pod, 'Ready');
  return ready?.status === 'False' && ready.message !== ''
    ? `${named}: ${ready.message}`
    : undefined;
}

/** A sidecar is an init container that goes on. */
function isToEnd(pod: KubeObject, status: unknown): boolean {
  const name = stringAt(status, 'name');
  const spec = listAt(pod, 'spec', 'initContainers').find(
    (entry) => stringAt(entry, 'name') === name,
  );
  return stringAt(spec, 'restartPolicy') !== 'Always';
}
