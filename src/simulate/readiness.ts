import type { KubeObject } from '../adapters/kube/kube.ts';
import { numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { customStanding, type ReadinessRule } from './custom.ts';
import { conditionOf, groupOf, isTrueCondition, replicasOf } from './object-id.ts';
import type { WorkloadState } from './observation.ts';
import type { View } from './world.ts';

/** How an object stands by its own status. */
export interface Standing {
  readonly state: WorkloadState;
  /** What is there and what is missing, for a person. */
  readonly message: string;
}

type Judge = (object: KubeObject, view: View) => Standing;

const ready = (message: string): Standing => ({ state: 'ready', message });
const waiting = (message: string): Standing => ({ state: 'waiting', message });
const failed = (message: string): Standing => ({ state: 'failed', message });

/** Whether an object of this kind is waited for; the others are done once they are accepted. */
export function isAwaited(object: KubeObject): boolean {
  return judges[object.kind] !== undefined || isCustom(object);
}

/** Groups of the API server itself; what others serve by definition or aggregation is custom. */
const ownGroups = new Set([
  ...['', 'apps', 'batch', 'autoscaling', 'policy', 'extensions'],
  ...[
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
  ].map((name) => `${name}.k8s.io`),
]);

function isCustom({ apiVersion }: KubeObject): boolean {
  return !ownGroups.has(groupOf(apiVersion));
}

/** @param object as the server has it now @param rules for custom resources */
export function standingOf(
  object: KubeObject,
  view: View,
  rules: readonly ReadinessRule[] = [],
): Standing {
  if (isCustom(object)) return customStanding(object, rules);
  const judge = judges[object.kind];
  if (!judge) return { state: 'unknown', message: 'no rule says when it is ready' };
  const seen = numberAt(object, 'status', 'observedGeneration');
  const generation = object.metadata.generation;
  // A status without it says nothing of the generation it was made for.
  const ownsGeneration = observed.has(object.kind);
  if (ownsGeneration && generation !== undefined && (seen ?? 0) < generation) {
    return waiting('its controller has not looked at it yet');
  }
  return judge(object, view);
}

const observed = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
]);

const count = (object: KubeObject, field: string): number => numberAt(object, 'status', field) ?? 0;

const deployment: Judge = (object) => {
  const wanted = replicasOf(object);
  const progressing = conditionOf(object, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(progressing.message);
  if (partAt(object, 'spec', 'paused') === true) {
    return { state: 'suspended', message: 'spec.paused is true, so nothing is rolled out' };
  }
  const updated = count(object, 'updatedReplicas');
  const available = count(object, 'availableReplicas');
  if (updated < wanted) return waiting(`${updated} of ${wanted} pods made`);
  if (count(object, 'replicas') > updated) return waiting('pods of an earlier template are left');
  if (available < updated) return waiting(`${available} of ${wanted} pods available`);
  return ready(`${available} of ${wanted} pods available`);
};

const statefulSet: Judge = (object) => {
  const wanted = replicasOf(object);
  const readyPods = count(object, 'readyReplicas');
  const available = count(object, 'availableReplicas');
  const minimum = numberAt(object, 'spec', 'minReadySeconds') ?? 0;
  const there = minimum > 0 ? available : readyPods;
  if (there < wanted) return waiting(`${there} of ${wanted} pods ready`);
  if (stringAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return ready(`${there} of ${wanted} pods ready; pods change when they are deleted`);
  }
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  const toUpdate = Math.max(0, wanted - partition);
  const same =
    stringAt(object, 'status', 'currentRevision') === stringAt(object, 'status', 'updateRevision');
  const updated = same ? wanted : count(object, 'updatedReplicas');
  if (updated < toUpdate) return waiting(`${updated} of ${toUpdate} pods updated`);
  return ready(`${there} of ${wanted} pods ready`);
};

const daemonSet: Judge = (object) => {
  const wanted = count(object, 'desiredNumberScheduled');
  const updated = count(object, 'updatedNumberScheduled');
  const available = count(object, 'numberAvailable');
  const onDelete = stringAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  if (!onDelete && updated < wanted) return waiting(`${updated} of ${wanted} nodes have its pod`);
  if (available < wanted) return waiting(`${available} of ${wanted} pods available`);
  return ready(wanted === 0 ? 'no node matches' : `${available} of ${wanted} pods available`);
};

const replicaSet: Judge = (object) => {
  const wanted = replicasOf(object);
  const available = count(object, 'availableReplicas');
  return (available < wanted ? waiting : ready)(`${available} of ${wanted} pods available`);
};

const job: Judge = (object) => {
  const failure = conditionOf(object, 'Failed');
  const doomed = failure?.status === 'True' ? failure : conditionOf(object, 'FailureTarget');
  if (doomed?.status === 'True') return failed(`${doomed.reason}: ${doomed.message}`);
  if (isTrueCondition(object, 'Complete')) return ready('complete');
  if (partAt(object, 'spec', 'suspend') === true) {
    return { state: 'suspended', message: 'spec.suspend is true, so it does not run' };
  }
  const tries = count(object, 'failed');
  const told = tries === 0 ? '' : `, ${tries} failed so far`;
  return waiting(`${count(object, 'succeeded')} pods succeeded${told}`);
};

const cronJob: Judge = () => ready('accepted; suspended in the sandbox');

const pod: Judge = (object) => {
  const phase = stringAt(object, 'status', 'phase');
  if (phase === 'Failed') {
    const reason = stringAt(object, 'status', 'reason') ?? '';
    return failed(`${reason} ${stringAt(object, 'status', 'message') ?? ''}`.trim() || 'failed');
  }
  if (phase === 'Succeeded') return ready('ended with success');
  if (object.metadata.deletionTimestamp !== undefined) return waiting('being deleted');
  // Readiness gates are part of this condition.
  if (isTrueCondition(object, 'Ready')) return ready('ready');
  return waiting(conditionOf(object, 'Ready')?.message || `phase ${phase ?? 'unknown'}`);
};

const claim: Judge = (object, view) => {
  const phase = stringAt(object, 'status', 'phase');
  if (phase === 'Bound') return ready('bound');
  if (phase === 'Lost') return failed('its volume is gone');
  const [last] = view.eventsAbout(object);
  const late = view.eventsAbout(object).some(({ reason }) => reason === 'WaitForFirstConsumer');
  if (late && !isMounted(object, view)) return ready('is bound when a pod first uses it');
  return waiting(last ? `${last.reason}: ${last.message}` : 'not bound yet');
};

function isMounted(claimed: KubeObject, view: View): boolean {
  return view.claimUsers(claimed.metadata.name).length > 0;
}

const judges: Readonly<Record<string, Judge | undefined>> = {
  Deployment: deployment,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  ReplicaSet: replicaSet,
  ReplicationController: replicaSet,
  Job: job,
  CronJob: cronJob,
  Pod: pod,
  PersistentVolumeClaim: claim,
};
