import type { KubeObject } from '../../adapters/kube/kube.ts';
import { stringAt } from '../../validators/manifest/read.ts';
import { conditionOf } from '../object-id.ts';
import type { View } from '../world.ts';
import { containerSignals } from './containers.ts';
import { grace, type Signal, signal } from './signal.ts';

/** What keeps one pod from being ready. */
export function podSignals(pod: KubeObject, view: View): Signal[] {
  const { name } = pod.metadata;
  const phase = stringAt(pod, 'status', 'phase');
  if (phase === 'Succeeded') return [];
  const own = [...placementSignals(pod, view), ...containerSignals(pod, view)];
  if (own.length > 0 || phase !== 'Failed') return own;
  const reason = stringAt(pod, 'status', 'reason') ?? 'Failed';
  const message = stringAt(pod, 'status', 'message') ?? 'a container ended with an error';
  return [signal('pod-failed', grace.tolerated, `${reason}: ${message}`, { pod: name })];
}

function placementSignals(pod: KubeObject, view: View): Signal[] {
  const { name } = pod.metadata;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const grows = view.eventsAbout(pod).some(({ reason }) => reason === 'TriggeredScaleUp');
    const graceMs = grows ? grace.tolerated : grace.schedule;
    return [signal('unschedulable', graceMs, scheduled.message, { pod: name })];
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

/** Volumes are mounted before the first container is made. */
function hasStarted(pod: KubeObject): boolean {
  return conditionOf(pod, 'PodReadyToStartContainers')?.status === 'True';
}
