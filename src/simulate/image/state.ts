import type { KubeObject } from '../../adapters/kube/kube.ts';
import type { RunState } from '../../probe/bench.ts';
import { listAt, numberAt, partAt, stringAt } from '../../validators/manifest/read.ts';
import type { View } from '../world.ts';
import { containerName } from './pod.ts';

/** What the kubelet says about the container; undefined before it says anything. */
export function statusOf(pod: KubeObject): unknown {
  return listAt(pod, 'status', 'containerStatuses').find(
    (status) => stringAt(status, 'name') === containerName,
  );
}

/**
 * A pod whose container was started once.
 * @param asksHealth whether its readiness is the health check of the image
 */
export function stateOf(pod: KubeObject, view: View, asksHealth: boolean): RunState {
  const status = statusOf(pod);
  const end = partAt(status, 'state', 'terminated');
  return {
    running: partAt(status, 'state', 'running') !== undefined,
    exitCode: numberAt(end, 'exitCode') ?? 0,
    oomKilled: stringAt(end, 'reason') === 'OOMKilled',
    // What the kubelet or the node did to it, such as an eviction.
    error: stringAt(pod, 'status', 'message') ?? stringAt(end, 'message') ?? '',
    health: asksHealth ? healthOf(pod, status, view) : null,
    address: stringAt(pod, 'status', 'podIP'),
  };
}

/** The kubelet prints what a probe said into an event. */
function healthOf(pod: KubeObject, status: unknown, view: View): RunState['health'] {
  if (partAt(status, 'ready') === true) return { status: 'healthy', output: '' };
  const said = view.warningsAbout(pod).find(({ reason }) => reason === 'Unhealthy')?.message;
  const output = said?.replace(/^Readiness probe (failed|errored)[^:]*: ?/, '') ?? '';
  return { status: said === undefined ? 'starting' : 'unhealthy', output };
}
