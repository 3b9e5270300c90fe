import type { KubeObject } from '../../adapters/kube/kube.ts';
import { standingOf } from '../readiness.ts';
import { worldOf } from '../testing.ts';
import { viewOf } from '../world.ts';
import { signalsOf } from './workloads.ts';

/** `reason/grace: detail` of the first signal about a workload. */
export function first(workload: KubeObject, ...objects: readonly KubeObject[]): string | undefined {
  const view = viewOf(worldOf(workload, ...objects));
  const [signal] = signalsOf(workload, standingOf(workload, view), view);
  if (!signal) return undefined;
  const { reason, container, detail } = signal.cause;
  return `${reason}/${signal.graceMs} ${container ?? '-'}: ${detail}`;
}
