import type { Evidence } from '../../core/evidence.ts';
import type { ObjectRef } from '../../core/finding.ts';
import type { Target } from '../../core/target.ts';

/** One started container, as it showed itself. Rules judge it. */
export interface StartedContainer extends Target {
  readonly kind: 'container';
  /** What people call it, such as `Deployment/shop, container web`. */
  readonly label: string;
  /** The object that asks for it, and where its manifest stands; null for a container of an engine. */
  readonly owner: ContainerOwner | null;
  readonly process: Looked<ProcessSeen>;
  /** Users of all its processes, the main one first, where an engine tells them. */
  readonly users?: Looked<readonly UserSeen[]>;
  /** Its own tightenings are not tried. */
  readonly trials: readonly TrialSeen[];
  readonly limits: Looked<LimitsSeen>;
  readonly token: Looked<TokenSeen>;
  readonly stop: Looked<StopSeen>;
  readonly environment: Looked<EnvironmentSeen>;
}

export interface ContainerOwner extends ObjectRef {
  readonly file: string | null;
  readonly line: number | null;
}

/** What was seen of one thing or, in words, why nobody could look. */
export type Looked<T> = { readonly seen: T } | { readonly why: string };

/** The main process, as its kernel describes it (proc_pid_status(5), proc_pid_mountinfo(5)). */
export interface ProcessSeen {
  /** Effective user. */
  readonly uid: number;
  /** Effective group; absent in what was observed before it was asked for. */
  readonly gid?: number;
  /** Whether a filter of system calls is in force; absent likewise. */
  readonly seccomp?: boolean;
  /** Names of the effective set, such as `CAP_NET_BIND_SERVICE`. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  /** Whether the root of its file system is mounted read-only; null when that could not be read. */
  readonly readOnlyRoot: boolean | null;
}

/** A process and who it is, by the kernel. */
export interface UserSeen {
  /** Effective ids. */
  readonly uid: number;
  readonly gid: number;
  readonly command: string;
}

/** What a container can be made to do without. */
export type Tightening = 'read-only-root' | 'no-capabilities' | 'no-new-privileges';

/** A second container of the same kind that was started with a tighter setting. */
export interface TrialSeen {
  readonly setting: Tightening;
  /** Whether it became ready; null when it could not be tried. */
  readonly works: boolean | null;
  /** What happened instead; empty when it works. */
  readonly why: string;
  /** What it printed, where that was kept for it alone. */
  readonly log?: Evidence;
}

export interface LimitsSeen {
  /** Bytes: as its specification has it, and as its control group has it; null for none. */
  readonly memory: { readonly declared: number | null; readonly inForce: number | null };
  /** Cores, likewise. */
  readonly cpu: { readonly declared: number | null; readonly inForce: number | null };
}

export interface TokenSeen {
  /** Where a token for the API of the cluster is mounted; null when none is. */
  readonly path: string | null;
  readonly account: string;
  /** Whether the release gives this account any right. */
  readonly granted: boolean;
}

export interface StopSeen {
  /** Seconds that it is given between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** Seconds that it took. */
  readonly seconds: number;
  /** Null when nobody could see it. */
  readonly exitCode: number | null;
  /** Whether it had to be killed. */
  readonly killed: boolean;
}

export interface EnvironmentSeen {
  /** Variables that its specification names. */
  readonly declared: number;
  /** Those that the main process does not have. */
  readonly missing: readonly string[];
  /** Those that it has with another value. */
  readonly different: readonly string[];
}
