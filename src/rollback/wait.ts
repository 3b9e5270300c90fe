import type { KubeObject } from '../adapters/kube/object.ts';
import { listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { type Followed, follow, type Judgement } from './follow.ts';
import type { Execution } from './observation.ts';
import { digestsOf, restartsOf, troubleOf } from './pods.ts';
import type { PreparedWorkload } from './prepare.ts';
import type { RollbackContext, RollbackRequest } from './request.ts';
import { givenUp, unfinishedOf } from './rollout.ts';
import { conditionOf, isOfRevision, isReady, wantedReplicas } from './status.ts';
import { isOwnedBy, selectorText } from './workload.ts';

export interface Waited {
  readonly outcome: Execution['outcome'];
  readonly message: string;
  /** Of the clock's monotonic time; when it became well for good, or was given up. */
  readonly endedAt: number;
  readonly wanted: number;
  /** Those that are not on their way out. */
  readonly pods: readonly KubeObject[];
  readonly endpoints: number | null;
}

type State = Pick<Waited, 'wanted' | 'pods' | 'endpoints'> & {
  /** What is not well yet. */
  readonly problem: string | undefined;
};

/**
 * Follows the rollout until everything was well for the settle window, or cannot become so.
 * @param onState told what is in the way whenever that changes
 * @throws what `follow` throws
 */
export async function waitUntilWell(
  { plan, objects, target }: Pick<PreparedWorkload, 'plan' | 'objects' | 'target'>,
  { settleSeconds, patienceSeconds }: Pick<RollbackRequest, 'settleSeconds' | 'patienceSeconds'>,
  { kube, clock, signal }: Pick<RollbackContext, 'kube' | 'clock' | 'signal'>,
  onState: (line: string) => void,
): Promise<Waited> {
  const { kind, name, namespace } = plan;
  const history = objects.histories.find(({ metadata }) => metadata.uid === target?.uid);
  if (history === undefined) throw new Error(`${name} has nothing to go back to`);
  const others = objects.histories.filter((entry) => entry !== history);
  const selector = selectorText(partAt(objects.workload, 'spec', 'selector'));
  const progressBefore = conditionOf(objects.workload, 'Progressing')?.updated;
  const deadline = AbortSignal.timeout(patienceSeconds * 1000);
  let state: State = { problem: 'nothing was seen', wanted: 0, pods: [], endpoints: null };
  let wellSince: number | undefined;
  let restarts = 0;
  let said: string | undefined;
  const end = (outcome: Execution['outcome'], message: string): Waited => {
    const { problem: _, ...seen } = state;
    return { ...seen, outcome, message, endedAt: wellSince ?? clock.monotonic() };
  };

  const judge = (followed: Followed): Judgement<Waited> => {
    const workload = followed.workload();
    if (workload === undefined) return { answer: end('unhealthy', 'it was deleted meanwhile') };
    state = stateOf(workload, history, others, followed);
    const before = restarts;
    restarts = state.pods.reduce((sum, pod) => sum + restartsOf(pod), 0);
    const restarted = wellSince !== undefined && restarts > before;
    const problem = state.problem ?? (restarted ? 'a container restarted' : undefined);
    if (problem !== undefined) {
      wellSince = undefined;
      if (problem !== said) onState(problem);
      said = problem;
      const over = givenUp(workload, progressBefore);
      return over === null ? undefined : { answer: end('unhealthy', `${problem} (${over})`) };
    }
    if (wellSince === undefined) {
      wellSince = clock.monotonic();
      said = undefined;
      onState(`all ${state.wanted} replicas are well; watching them for ${settleSeconds} s`);
    }
    const left = wellSince + settleSeconds * 1000 - clock.monotonic();
    return left > 0 ? { againInMs: left } : { answer: end('healthy', '') };
  };

  try {
    const options = { kind, name, namespace, selector };
    return await follow(kube, options, judge, AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return end('timed-out', state.problem ?? 'it did not stay well');
    throw error;
  }
}

/** What is still in the way of every replica running the target, ready and reachable. */
function stateOf(
  workload: KubeObject,
  history: KubeObject,
  others: readonly KubeObject[],
  followed: Followed,
): State {
  const isDeployment = workload.kind === 'Deployment';
  const owner = isDeployment ? history : workload;
  const living = followed.pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const own = living.filter((pod) => isOwnedBy(pod, owner));
  const ofTarget = isDeployment ? own : own.filter((pod) => isOfRevision(pod, history));
  // A Deployment's other pods belong to its other ReplicaSets.
  const strays = isDeployment
    ? living.filter((pod) => others.some((other) => isOwnedBy(pod, other))).length
    : own.length - ofTarget.length;
  const wanted = wantedReplicas(workload);
  const ready = ofTarget.filter(isReady);
  const endpoints = endpointsOf(followed.slices(), own);
  const trouble = () => ofTarget.flatMap((pod) => troubleOf(pod) ?? [])[0];
  const mixed = Object.entries(digestsOf(ofTarget)).find(([, digests]) => digests.length > 1);
  const problem =
    unfinishedOf(workload) ??
    (strays > 0 ? `${strays} pods of another revision are left` : undefined) ??
    (ready.length < wanted ? `${ready.length} of ${wanted} replicas are ready` : undefined) ??
    (mixed ? `container ${mixed[0]} runs ${mixed[1].length} different images` : undefined) ??
    (endpoints !== null && endpoints < ready.length
      ? `${endpoints} of ${ready.length} ready pods are endpoints`
      : undefined);
  const more = problem === undefined ? undefined : trouble();
  return {
    problem: problem && (more === undefined ? problem : `${problem}; ${more}`),
    wanted,
    pods: ofTarget,
    endpoints,
  };
}

/**
 * How many of the pods the Services of the namespace send traffic to; null when no Service selects any.
 */
function endpointsOf(slices: readonly KubeObject[], pods: readonly KubeObject[]): number | null {
  const uids = new Set(pods.map(({ metadata }) => metadata.uid));
  const entries = slices
    .flatMap((slice) => listAt(slice, 'endpoints'))
    .filter((endpoint) => uids.has(stringAt(endpoint, 'targetRef', 'uid')));
  if (entries.length === 0) return null;
  const ready = entries.filter((endpoint) => partAt(endpoint, 'conditions', 'ready') === true);
  return new Set(ready.map((endpoint) => stringAt(endpoint, 'targetRef', 'uid'))).size;
}
