import { objectsOfGroup } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { type Path, stringAt } from '../read.ts';
import { namedAt, type Reference } from '../references/reference.ts';

/** The groups of Kubernetes' own workloads; of other kinds it is not known here. */
export const groupOfWorkload: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['StatefulSet', 'apps'],
  ['ReplicaSet', 'apps'],
  ['DaemonSet', 'apps'],
  ['ReplicationController', ''],
]);

/** The workloads that HorizontalPodAutoscalers scale, which they find by group and kind as written. */
export const horizontalReferences = oncePerSet((set) =>
  objectsOfGroup(set, 'autoscaling', 'HorizontalPodAutoscaler').flatMap((from) =>
    targetOf(from, ['spec', 'scaleTargetRef'], stringAt),
  ),
);

/**
 * The workloads that other scalers are for. They know Kubernetes' own kinds by their names, and a
 * ScaledObject without a kind is for a Deployment.
 * https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
const otherReferences = oncePerSet((set) => [
  ...objectsOfGroup(set, 'autoscaling.k8s.io', 'VerticalPodAutoscaler').flatMap((from) =>
    targetOf(from, ['spec', 'targetRef'], apiVersionByKind),
  ),
  ...objectsOfGroup(set, 'keda.sh', 'ScaledObject').flatMap((from) =>
    targetOf(from, ['spec', 'scaleTargetRef'], apiVersionByKind, 'Deployment'),
  ),
]);

/** All that autoscalers are for. */
export const scaleReferences = oncePerSet((set) => [
  ...horizontalReferences(set),
  ...otherReferences(set),
]);

function targetOf(
  from: ManifestObject,
  field: Path,
  apiVersionAt: (value: unknown, ...path: Path) => string | undefined,
  otherwise?: string,
): readonly Reference[] {
  const kind = stringAt(from.value, ...field, 'kind') || otherwise;
  if (!kind) return [];
  const apiVersion = apiVersionAt(from.value, ...field, 'apiVersion') ?? '';
  return namedAt(from, [...field, 'name'], { apiVersion, kind });
}

function apiVersionByKind(value: unknown, ...path: Path): string | undefined {
  const kind = stringAt(value, ...path.slice(0, -1), 'kind') || 'Deployment';
  const group = groupOfWorkload.get(kind);
  if (group === undefined) return stringAt(value, ...path);
  return group === '' ? 'v1' : `${group}/v1`;
}
