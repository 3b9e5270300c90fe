import type { KubeObject } from '../adapters/kube/object.ts';
import { numberAt } from '../validators/manifest/read.ts';
import type { Health, Revision } from './observation.ts';
import { conditionOf, isOfRevision, isReady, rolloutNumbers, wantedReplicas } from './status.ts';
import type { WorkloadObjects } from './workload.ts';

export interface Judged {
  readonly health: Health;
  readonly healthBy: string;
}

const unknown = (healthBy: string): Judged => ({ health: 'unknown', healthBy });
const healthy = (healthBy: string): Judged => ({ health: 'healthy', healthBy });

export function judgeReplicaSet(
  { workload }: WorkloadObjects,
  replicaSet: KubeObject,
  revision: Revision,
  all: readonly { readonly history: KubeObject; readonly revision: Revision }[],
): Judged {
  const available = numberAt(replicaSet, 'status', 'availableReplicas') ?? 0;
  const progressing = conditionOf(workload, 'Progressing');
  if (revision.current && progressing?.reason === 'NewReplicaSetAvailable') {
    return healthy(`its rollout ended at ${progressing.updated}`);
  }
  if (available > 0) return healthy(`${available} of its replicas are available now`);
  if (revision.current && progressing?.reason === 'ProgressDeadlineExceeded') {
    return { health: 'unhealthy', healthBy: `its rollout gave up at ${progressing.updated}` };
  }
  return availableBefore(workload, revision, all) ?? unknown('nothing in the cluster tells');
}

/**
 * The very first revision was healthy when the Deployment has been available without a break since
 * before there was a second: nobody else's pods could have made it so.
 */
function availableBefore(
  workload: KubeObject,
  revision: Revision,
  all: readonly { readonly revision: Revision }[],
): Judged | undefined {
  const condition = conditionOf(workload, 'Available');
  const others = all
    .map((entry) => entry.revision)
    .filter(({ uid }) => uid !== revision.uid)
    .map(({ created }) => created)
    .toSorted();
  const [second] = others;
  if (revision.number !== 1 || second === undefined || condition?.status !== 'True') return;
  const { replicas, unavailable } = rolloutNumbers(workload);
  // With nobody required to be available, the condition says nothing.
  if (replicas - unavailable < 1 || !(condition.changed < second)) return;
  return healthy(`the Deployment has been available since ${condition.changed}, when it was alone`);
}

export function judgeControllerRevision(
  { workload, pods }: WorkloadObjects,
  history: KubeObject,
  revision: Revision,
): Judged {
  const ready = pods.filter((pod) => isOfRevision(pod, history) && isReady(pod)).length;
  const wanted = wantedReplicas(workload);
  if (ready > 0) {
    return healthy(`${ready} of its pods ${ready === 1 ? 'is' : 'are'} ready now`);
  }
  if (revision.current && wanted === 0) return unknown('it has no replicas');
  return unknown('nothing in the cluster tells');
}
