import type { KubeObject } from '../adapters/kube/object.ts';
import { numberAt, partAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import type { PodName } from './observation.ts';
import { conditionOf, isReady, wantedReplicas } from './status.ts';

/** Why a rollout is not over, by the numbers of the workload's status; null when it is. */
export function unfinishedOf(workload: KubeObject): string | null {
  const status = recordAt(workload, 'status');
  const count = (field: string) => numberAt(status, field) ?? 0;
  const wanted = wantedReplicas(workload);
  if (count('observedGeneration') < (workload.metadata.generation ?? 0)) {
    return 'its controller has not seen the last change';
  }
  const of = (have: number, what: string) =>
    have < wanted ? `${have} of ${wanted} replicas ${what}` : null;
  switch (workload.kind) {
    case 'Deployment':
      return (
        of(count('updatedReplicas'), 'are updated') ??
        (count('replicas') > count('updatedReplicas')
          ? `${count('replicas') - count('updatedReplicas')} old replicas are left`
          : of(count('availableReplicas'), 'are available'))
      );
    case 'StatefulSet':
      return (
        (stringAt(status, 'currentRevision') === stringAt(status, 'updateRevision')
          ? null
          : of(count('updatedReplicas'), 'are updated')) ??
        of(count('availableReplicas'), 'are available')
      );
    default:
      return (
        of(count('updatedNumberScheduled'), 'are updated') ??
        of(count('numberAvailable'), 'are available')
      );
  }
}

/**
 * That the controller has given up, which a Deployment alone says. Going back from a rollout that was
 * given up leaves the condition as it is until there is progress, so an old one does not count.
 * @param before when the condition was last said before the change
 */
export function givenUp(workload: KubeObject, before: string | undefined): string | null {
  const condition = conditionOf(workload, 'Progressing');
  if (condition?.reason !== 'ProgressDeadlineExceeded' || condition.updated === before) return null;
  return condition.message;
}

/** What keeps the controller from rolling a new template out. */
export function heldOf(workload: KubeObject): string | null {
  if (partAt(workload, 'spec', 'paused') === true) return 'it is paused';
  const strategy = recordAt(workload, 'spec', 'updateStrategy');
  if (stringAt(strategy, 'type') === 'OnDelete') return 'its update strategy is OnDelete';
  const partition = numberAt(strategy, 'rollingUpdate', 'partition') ?? 0;
  return partition > 0 ? `its rolling update has a partition of ${partition}` : null;
}

/**
 * The pods that keep a StatefulSet from going anywhere: with OrderedReady its controller waits for each
 * to become ready before it replaces the next, also one that never will.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export function stuckPodsOf(workload: KubeObject, pods: readonly KubeObject[]): PodName[] {
  if (workload.kind !== 'StatefulSet') return [];
  if (stringAt(workload, 'spec', 'podManagementPolicy') === 'Parallel') return [];
  return pods
    .filter((pod) => !isReady(pod) && pod.metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => ({ name: metadata.name, uid: metadata.uid ?? '' }));
}
