import type { UrlAnswer } from './health.ts';
import type { ObjectId } from './observation.ts';

export interface ProbeSeen extends UrlAnswer {
  readonly service: string;
  /** Null when no pod could be asked. */
  readonly pod: string | null;
  readonly port: number | null;
  readonly path: string;
  readonly expectedStatus: number;
  readonly expectedBody: string | null;
}

export interface UsageSeen {
  /** Seconds of the soak. */
  readonly soakSeconds: number;
  /** Null when usage could be read; otherwise why not. */
  readonly unavailable: string | null;
  readonly containers: readonly ContainerUsage[];
  readonly restarts: readonly {
    readonly workload: ObjectId;
    readonly pod: string;
    readonly container: string;
    readonly count: number;
    readonly last: string;
  }[];
}

export interface ContainerUsage {
  readonly pod: string;
  readonly container: string;
  /** Cores, highest of the samples. */
  readonly cpuCores: number;
  /** Working set in bytes, highest of the samples. */
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number | null;
  /** Of its scheduler periods so far, the share in which its CPU limit held it back; null without one. */
  readonly throttledShare: number | null;
  readonly samples: number;
}

export interface IsolationSeen {
  /** Every write request this process sent, in order. */
  readonly writes: readonly WriteSeen[];
  /** Objects outside the sandbox that differ from before. */
  readonly changes: readonly OutsideChange[];
  /** Objects outside the sandbox that were compared. */
  readonly compared: number;
  readonly notCompared: readonly { readonly what: string; readonly why: string }[];
  /** What the sandbox's account may write outside of it; must be empty. */
  readonly permissions: readonly string[];
  /** Whether its permissions were asked for. */
  readonly permissionsAsked: boolean;
}

export interface WriteSeen {
  readonly verb: 'create' | 'apply' | 'patch' | 'delete' | 'exec' | 'token';
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly account: 'user' | 'sandbox';
  readonly dryRun: boolean;
  /** `stopped` was outside of the sandbox and never sent. */
  readonly outcome: 'ok' | 'refused' | 'stopped' | 'failed';
}

export interface OutsideChange {
  /** `Kind/namespace/name`. */
  readonly object: string;
  readonly namespace: string | null;
  readonly change: 'added' | 'changed' | 'removed';
  /** Field managers that wrote since the run began. */
  readonly managers: readonly string[];
  /** Whether this run's own field manager is one of them. */
  readonly ours: boolean;
}

export interface Removal {
  readonly state: 'removed' | 'blocked' | 'foreign';
  readonly durationMs: number;
  /** Objects that hold the namespace, and what the namespace itself says. */
  readonly blockers: readonly Blocker[];
  /** Volumes of the sandbox that outlived it. */
  readonly volumesKept: readonly string[];
}

export interface Blocker {
  /** `Kind/name`. */
  readonly object: string;
  readonly finalizers: readonly string[];
  /** Who set the finalizer, as far as managedFields tells. */
  readonly owner: string | null;
}
