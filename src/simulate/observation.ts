import type { Target } from '../core/target.ts';
import type { StartedContainer } from '../validators/runtime/observation.ts';
import type { BehaviourSeen } from './behaviour/seen.ts';
import type { IsolationSeen, ProbeSeen, Removal, UsageSeen } from './observed-parts.ts';

/** What one simulation saw: times, states, messages, digests. Rules judge it. */
export interface Simulation extends Target {
  readonly kind: 'simulation';
  /** `diff-only` asked the API server and wrote nothing. */
  readonly mode: 'full' | 'diff-only';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly cluster: ClusterSeen;
  readonly targetNamespace: {
    readonly name: string;
    /** False before the first deployment. */
    readonly exists: boolean;
  };
  /** Null in the mode `diff-only`. */
  readonly sandbox: Sandbox | null;
  readonly steps: readonly StepRecord[];
  /** What was changed about the release so that it runs beside production. */
  readonly rewrites: readonly Rewrite[];
  readonly notSimulated: readonly NotSimulated[];
  /** What the API server did not take. */
  readonly refusals: readonly Refusal[];
  /** Texts of the API's `Warning` headers, by object. */
  readonly warnings: readonly { readonly object: ObjectId; readonly message: string }[];
  readonly diff: readonly ObjectDiff[];
  readonly secrets: SecretsSeen;
  /** How the wait ended; `not-started` when nothing was applied. */
  readonly ended: 'ready' | 'doomed' | 'deadline' | 'not-started';
  /** What was waited for, the cause that ended the wait first. */
  readonly workloads: readonly WorkloadSeen[];
  readonly probes: readonly ProbeSeen[];
  /** What services were declared to do, and what they did. */
  readonly behaviour: readonly BehaviourSeen[];
  /** Probes of containers that ask for none of the health paths declared. */
  readonly undeclaredPaths: readonly UndeclaredPath[];
  /** Containers that were looked into; empty when that was not asked for. */
  readonly containers: readonly StartedContainer[];
  readonly usage: UsageSeen;
  readonly isolation: IsolationSeen;
  /** Null when there was nothing to remove. */
  readonly removal: Removal | null;
}

export interface ClusterSeen {
  readonly context: string;
  readonly server: string;
  readonly user: string;
  /** Such as `v1.34.4`. */
  readonly version: string;
}

/** An object of the release, as the person named it. */
export interface ObjectId {
  readonly apiVersion: string;
  readonly kind: string;
  /** In the release; null when its manifest names none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
}

export interface Sandbox {
  readonly name: string;
  readonly uid: string;
  /** Value of the label `deploycheck.dev/run`. */
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** Field manager of everything this run wrote. */
  readonly fieldManager: string;
  /** The `pod-security.kubernetes.io/` labels. */
  readonly podSecurity: Readonly<Record<string, string>>;
  /** Quotas and limit ranges, by name, with where each comes from. */
  readonly limits: readonly { readonly name: string; readonly from: 'target' | 'deploycheck' }[];
  readonly egress: EgressSeen;
}

/** The way out of the pods of the sandbox. */
export interface EgressSeen {
  /** What was let through beside names and the sandbox itself, as it was asked for. */
  readonly allowed: readonly string[];
  /** Whether the cluster keeps the pods in. */
  readonly enforced: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

export interface StepRecord {
  readonly name: string;
  readonly status: 'done' | 'skipped' | 'failed';
  readonly durationMs: number;
}

export interface UndeclaredPath {
  readonly object: ObjectId;
  readonly container: string;
  readonly probe: 'startupProbe' | 'readinessProbe' | 'livenessProbe';
  readonly path: string;
  /** Where the manifest has it; null when the object is from no file. */
  readonly place: { readonly line: number; readonly column: number } | null;
  readonly declared: readonly string[];
}

export interface Rewrite {
  /** `Kind/name`. */
  readonly object: string;
  readonly path: string;
  /** Null for something added. */
  readonly from: string | null;
  /** Null for something dropped. */
  readonly to: string | null;
  readonly why: string;
}

export interface NotSimulated {
  /** `Kind/name`, or a feature in words. */
  readonly what: string;
  readonly why: string;
  /** Whether the verdict stays open because of it. */
  readonly open: boolean;
}

export interface Refusal {
  readonly object: ObjectId;
  readonly during: 'dry-run' | 'apply';
  /** HTTP status. */
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

export interface FieldChange {
  readonly path: string;
  /** JSON of the value; null when there is none. Values of Secrets are masked. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface ObjectDiff {
  readonly object: ObjectId;
  /** `unknown` when the server could not say what would become of it. */
  readonly change: 'created' | 'changed' | 'unchanged' | 'unknown';
  readonly fields: readonly FieldChange[];
}

export interface SecretsSeen {
  /** Given for the sandbox; `copy` is the target's own, `generated` is random. */
  readonly given: readonly { readonly name: string; readonly from: SecretOrigin }[];
  /** Referenced, and neither in the release nor given. */
  readonly missing: readonly MissingSecret[];
}

export interface MissingSecret {
  readonly name: string;
  /** The keys asked for one by one. */
  readonly keys: readonly string[];
  readonly usedBy: ObjectId;
  /** Whether the target namespace has it; null when that could not be read. */
  readonly inTarget: boolean | null;
}

export type CauseReason =
  | 'image-not-found'
  | 'image-denied'
  | 'image-platform'
  | 'image-name'
  | 'image-pull'
  | 'config-missing'
  | 'container-config'
  | 'command-not-found'
  | 'crash-loop'
  | 'out-of-memory'
  | 'probe-failing'
  | 'unschedulable'
  | 'volume'
  | 'quota'
  | 'pod-security'
  | 'webhook'
  | 'pods-refused'
  | 'job-failed'
  | 'pod-failed'
  | 'progress-deadline'
  | 'not-ready';

export type SecretOrigin = 'values' | 'copy' | 'generated';

/** Why something is not ready. */
export interface Cause {
  readonly reason: CauseReason;
  readonly pod: string | null;
  readonly container: string | null;
  /** What the platform says, on one line. */
  readonly detail: string;
  readonly lastLog: string | null;
}

export type WorkloadState = 'ready' | 'waiting' | 'failed' | 'suspended' | 'unknown';

export interface WorkloadSeen {
  readonly object: ObjectId;
  readonly state: WorkloadState;
  readonly message: string;
  readonly cause: Cause | null;
  /** Milliseconds from the apply until it was first ready; null when it never was. */
  readonly readyAfterMs: number | null;
}
