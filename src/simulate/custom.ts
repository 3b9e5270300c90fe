import type { KubeObject } from '../adapters/kube/kube.ts';
import { numberAt } from '../validators/manifest/read.ts';
import { conditionOf } from './object-id.ts';
import type { Standing } from './readiness.ts';

/**
 * How a custom resource stands by the conventions that most controllers follow: a condition `Ready`
 * (Kubernetes API conventions, "Typical status properties"), and `Reconciling` and `Stalled` (kstatus,
 * sigs.k8s.io/cli-utils). Without `Ready` nothing says that it is.
 */
export function customStanding(object: KubeObject): Standing {
  const generation = object.metadata.generation ?? 0;
  const seen = numberAt(object, 'status', 'observedGeneration');
  if (seen !== undefined && seen < generation) {
    return { state: 'waiting', message: 'its controller has not looked at it yet' };
  }
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') {
    return { state: 'failed', message: said(stalled, 'its controller has given up') };
  }
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') {
    return { state: 'waiting', message: said(reconciling, 'its controller is at work') };
  }
  const ready = conditionOf(object, 'Ready');
  if (!ready) return { state: 'unknown', message: 'no rule says when it is ready' };
  if ((ready.observedGeneration ?? generation) < generation) {
    return { state: 'waiting', message: 'its controller has not looked at it yet' };
  }
  return ready.status === 'True'
    ? { state: 'ready', message: 'its condition Ready is True' }
    : { state: 'waiting', message: said(ready, `its condition Ready is ${ready.status}`) };
}

const said = ({ message }: { readonly message: string }, otherwise: string): string =>
  message === '' ? otherwise : message;
