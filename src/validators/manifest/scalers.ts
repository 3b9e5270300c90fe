import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { oncePerSet } from './once-per-set.ts';
import { numberAt, type Path, stringAt } from './read.ts';
import { mayShareNamespace } from './workloads.ts';

/** What sets the number of replicas of a workload while it runs. */
export interface Scaler {
  readonly object: ManifestObject;
  /** The fewest replicas it keeps; HorizontalPodAutoscalers default to 1, ScaledObjects to 0. */
  readonly fewest: number;
  readonly fewestPath: Path;
  /** The most replicas it makes; 100 is KEDA's default. */
  readonly most: number;
}

export const horizontalVersions = [
  'autoscaling/v2',
  'autoscaling/v1',
  'autoscaling/v2beta2',
  'autoscaling/v2beta1',
] as const;

/**
 * Finds the autoscaler of a workload: a HorizontalPodAutoscaler, or a ScaledObject of KEDA, which makes one.
 * https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
export function scalerFinder(set: ManifestSet): (workload: ManifestObject) => Scaler | undefined {
  return (workload) =>
    scalersByTarget(set)
      .get(`${workload.kind}/${workload.name}`)
      ?.find(({ object }) => mayShareNamespace(object, workload));
}

const scalersByTarget = oncePerSet((set): ReadonlyMap<string, readonly Scaler[]> => {
  const horizontal = horizontalVersions
    .flatMap((version) => objectsOf(set, version, 'HorizontalPodAutoscaler'))
    .map((object) => scalerOf(object, 'minReplicas', 1, 'maxReplicas', 1));
  const scaled = objectsOf(set, 'keda.sh/v1alpha1', 'ScaledObject').map((object) =>
    scalerOf(object, 'minReplicaCount', 0, 'maxReplicaCount', 100),
  );
  return Map.groupBy([...horizontal, ...scaled], ({ object: { value } }) => {
    const kind = stringAt(value, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment';
    return `${kind}/${stringAt(value, 'spec', 'scaleTargetRef', 'name')}`;
  });
});

function scalerOf(
  object: ManifestObject,
  minField: string,
  minDefault: number,
  maxField: string,
  maxDefault: number,
): Scaler {
  return {
    object,
    fewest: numberAt(object.value, 'spec', minField) ?? minDefault,
    fewestPath: ['spec', minField],
    most: numberAt(object.value, 'spec', maxField) ?? maxDefault,
  };
}

/** The replicas that a workload names, 1 when it names none. */
export function ownReplicas(workload: ManifestObject): number {
  return numberAt(workload.value, 'spec', 'replicas') ?? 1;
}
