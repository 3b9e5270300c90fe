import type { KubeObject } from '../adapters/kube/object.ts';
import { listAt, numberAt, partAt, recordAt, stringAt } from '../validators/manifest/read.ts';

/** StatefulSet pods carry the name of the revision, those of a DaemonSet its hash alone. */
export function isOfRevision(pod: KubeObject, history: KubeObject): boolean {
  const label = pod.metadata.labels?.['controller-revision-hash'];
  if (label === undefined) return false;
  const { name, labels } = history.metadata;
  return label === name || label === labels?.['controller-revision-hash'];
}

export function isReady(pod: KubeObject): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined && conditionOf(pod, 'Ready')?.status === 'True'
  );
}

export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; when the status last changed. */
  readonly changed: string;
  /** RFC 3339; when it was last said, which only some kinds tell. */
  readonly updated: string;
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  const found = listAt(object, 'status', 'conditions').find(
    (entry) => stringAt(entry, 'type') === type,
  );
  if (found === undefined) return undefined;
  const changed = stringAt(found, 'lastTransitionTime') ?? '';
  return {
    status: stringAt(found, 'status') ?? 'Unknown',
    reason: stringAt(found, 'reason') ?? '',
    message: stringAt(found, 'message') ?? '',
    changed,
    updated: stringAt(found, 'lastUpdateTime') ?? changed,
  };
}

export function wantedReplicas(workload: KubeObject): number {
  if (workload.kind === 'DaemonSet') {
    return numberAt(workload, 'status', 'desiredNumberScheduled') ?? 0;
  }
  return numberAt(workload, 'spec', 'replicas') ?? 1;
}

/** What a rolling update may add and take away, rounded as the Deployment controller does. */
export function rolloutNumbers(workload: KubeObject): {
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
} {
  const replicas = wantedReplicas(workload);
  const isDeployment = workload.kind === 'Deployment';
  const settings = recordAt(workload, 'spec', isDeployment ? 'strategy' : 'updateStrategy');
  const share = (field: string, otherwise: string | number, round: (n: number) => number) => {
    const value = partAt(settings, 'rollingUpdate', field) ?? otherwise;
    return typeof value === 'number'
      ? value
      : round((Number.parseFloat(`${value}`) / 100) * replicas);
  };
  const surge =
    isDeployment || workload.kind === 'DaemonSet'
      ? share('maxSurge', isDeployment ? '25%' : 0, Math.ceil)
      : 0;
  const unavailable = share(
    'maxUnavailable',
    isDeployment ? '25%' : 1,
    isDeployment ? Math.floor : Math.ceil,
  );
  const stuck = surge === 0 && unavailable === 0;
  return { replicas, surge, unavailable: stuck ? 1 : unavailable };
}
