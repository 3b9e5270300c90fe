import type { Digest } from '../core/digest.ts';
import type { Location } from '../core/finding.ts';
import type { Target } from '../core/target.ts';
import type { Estimate } from './estimate.ts';
import type { MigrationPlan } from './migrations/observation.ts';

/** The kinds that keep a history of their templates. */
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

export interface WorkloadName {
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** What is known about whether the pods of a revision ever became available. */
export type Health = 'healthy' | 'unhealthy' | 'unknown';

export interface Revision {
  readonly number: number;
  /** Of the ReplicaSet or ControllerRevision. */
  readonly name: string;
  readonly uid: string;
  /** Of the pod template, without what the controller adds. */
  readonly template: Digest;
  readonly images: readonly string[];
  /** RFC 3339; of a ReplicaSet that was used again it is the time of its first use. */
  readonly created: string;
  /** Numbers the same template had before (`deployment.kubernetes.io/revision-history`). */
  readonly earlier: readonly number[];
  readonly changeCause: string | null;
  readonly health: Health;
  /** What says so, for people. */
  readonly healthBy: string;
  readonly current: boolean;
}

export interface ImageState {
  readonly image: string;
  readonly pullPolicy: string;
  readonly state: 'available' | 'missing' | 'no-platform' | 'unknown';
  /** What the reference stands for in the registry now; null when that is not known. */
  readonly digest: string | null;
  /** What nodes have under that tag, where it differs from `digest`. */
  readonly moved: string | null;
  /** Platforms of nodes, `os/architecture`, that the image has nothing for. */
  readonly lacking: readonly string[];
  /** Compressed bytes of the image for one platform; null when not known. */
  readonly size: number | null;
  /** Nodes that have it, of `nodes`. */
  readonly cachedOn: number;
  readonly nodes: number;
  /** Why the state is unknown; empty otherwise. */
  readonly why: string;
}

/** Something in the cluster that the pods of the target need. */
export interface ReferenceState {
  readonly kind: string;
  readonly name: string;
  /** Keys of a ConfigMap or Secret that are asked for. */
  readonly keys: readonly string[];
  readonly state: 'present' | 'missing' | 'missing-key' | 'unknown';
  readonly missingKeys: readonly string[];
  readonly uid: string | null;
  readonly resourceVersion: string | null;
  /** RFC 3339; of the last change to its content, as its managed fields say. */
  readonly changedAt: string | null;
  /** Whether that is later than the target revision. */
  readonly changedSince: boolean;
  readonly why: string;
}

export interface DryRun {
  /** What was sent with dryRun=All. */
  readonly request: 'patch' | 'pod';
  readonly outcome: 'accepted' | 'refused' | 'denied' | 'not-tried';
  readonly message: string;
  readonly warnings: readonly string[];
  /** Seconds the server took. */
  readonly seconds: number;
}

export interface Autoscaler {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** Whoever will set the workload back to what they know. */
export interface Owner {
  readonly by: 'Argo CD' | 'Flux' | 'Helm' | 'an owning object';
  readonly name: string;
}

export interface PodName {
  readonly name: string;
  readonly uid: string;
}

export interface WorkloadPlan extends WorkloadName {
  readonly apiVersion: string;
  readonly namespace: string;
  readonly uid: string;
  /** Of the spec without the number of replicas, which an autoscaler changes at any time. */
  readonly spec: Digest;
  readonly replicas: number;
  /** What keeps a changed template from being rolled out: paused, OnDelete, a partition. */
  readonly held: string | null;
  /** Why a rollout counts as not finished; null when it is. */
  readonly unfinished: string | null;
  readonly autoscaler: Autoscaler | null;
  readonly owner: Owner | null;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  readonly target: Revision | null;
  /** How the target was chosen, or why there is none. */
  readonly choice: string;
  readonly images: readonly ImageState[];
  readonly references: readonly ReferenceState[];
  readonly dryRuns: readonly DryRun[];
  /** Whether a pod of the rollout before takes part in it: a quota counts both. */
  readonly surges: boolean;
  /** Pods that are not ready, which a StatefulSet of the policy OrderedReady never replaces. */
  readonly stuckPods: readonly PodName[];
  readonly deletesStuckPods: boolean;
  /** Null when no release is about to come. */
  readonly selectors: Selectors | null;
}

/** The selectors of a workload in a release and in the cluster, as queries write them. */
export interface Selectors {
  readonly release: string;
  readonly live: string;
  /** Where the release has it. */
  readonly place: Location;
}

export interface ProbeState {
  readonly path: string;
  readonly state: 'ok' | 'failed' | 'unknown';
  readonly message: string;
}

export interface Execution extends WorkloadName {
  /** RFC 3339; when the patch was accepted. */
  readonly startedAt: string;
  readonly outcome: 'healthy' | 'unhealthy' | 'timed-out';
  /** Seconds from the patch until every replica was ready, the settle window not included. */
  readonly seconds: number;
  /** What was in the way, empty when healthy. */
  readonly message: string;
  readonly readyPods: number;
  readonly wantedPods: number;
  readonly restarts: number;
  /** Distinct image digests by container name: one each when every replica runs the same. */
  readonly digests: Readonly<Record<string, readonly string[]>>;
  /** Ready addresses behind the Services that select the pods; null without such a Service. */
  readonly endpoints: number | null;
  readonly probes: readonly ProbeState[];
  readonly deletedPods: readonly string[];
  /** How to go forward again. */
  readonly undo: string;
}

/** What was seen of the way back, before and (when it was gone) after. No verdicts. */
export interface RollbackPlan extends Target {
  readonly kind: 'rollbackPlan';
  /** What the way back leaves behind: what runs, or a release that is about to come. */
  readonly leaving: 'running' | 'release';
  readonly cluster: {
    readonly context: string;
    readonly server: string;
    readonly user: string;
    readonly namespace: string;
    readonly version: string;
  };
  /** RFC 3339. */
  readonly takenAt: string;
  readonly workloads: readonly WorkloadPlan[];
  readonly migrations: readonly MigrationPlan[];
  /** The database stays as it is: the person asking says that the target runs on it. */
  readonly keepSchema: boolean;
  readonly estimate: Estimate;
  /** Seconds, `sla.rollback`. */
  readonly limitSeconds: number;
  /** Of everything the decision stands on; what `--yes` names. */
  readonly decision: Digest;
  /** Null as long as nothing was changed. */
  readonly executions: readonly Execution[] | null;
}
