import type { Evidence } from '../../core/evidence.ts';
import type { Target } from '../../core/target.ts';
import type { Looked } from './observation.ts';

/** An image as an engine ran it: as it asks to be run, then under ever tighter settings. Rules judge it. */
export interface ImageRun extends Target {
  readonly kind: 'imageRun';
  /** As the user named it. */
  readonly label: string;
  /** Digests of its layers before compression: what tells whether it is the image that was examined. */
  readonly diffIds: readonly string[];
  readonly start: StartSeen;
  /** Null when the image has no health check. */
  readonly health: Looked<HealthSeen> | null;
  readonly trials: readonly RunTrial[];
  /** Paths outside of volumes and tmpfs that were written to, the topmost of each tree only. */
  readonly writes: Looked<readonly string[]>;
  readonly proposal: Looked<Proposal>;
}

/** What said that it had started. */
export type StartedBy = 'health' | 'http' | 'log' | 'exit' | 'settled';

export interface StartSeen {
  readonly works: boolean;
  /** What was waited for. */
  readonly by: StartedBy;
  /** Seconds until then. */
  readonly seconds: number;
  /** What happened instead; empty when it works. */
  readonly why: string;
  /** Whether it was the engine that could not start it, it ended by itself, or it did not become ready. */
  readonly failure: 'refused' | 'ended' | 'not-ready' | null;
  /** What it printed, where it printed anything. */
  readonly log?: Evidence;
}

export interface HealthSeen {
  readonly healthy: boolean;
  /** Until it was, or until that was given up. */
  readonly seconds: number;
  /** What the check printed last. */
  readonly said: string;
}

/** Questions about an image that no pod of a manifest asks. */
export type RunSetting = 'other-user' | 'no-network' | 'second-start' | 'memory-limit';

export interface RunTrial {
  readonly setting: RunSetting;
  /** What it was tried with, such as `uid 40213`. */
  readonly tried: string;
  /** Null when it could not be tried, or nobody asked for it. */
  readonly works: boolean | null;
  /** What happened instead; empty when it works. */
  readonly why: string;
  /** False when there was nothing to try: no volume, no limit given. */
  readonly asked: boolean;
  /** What it printed, where it printed anything. */
  readonly log?: Evidence;
}

/** The tightest settings that it was seen to work with, all of them at once. */
export interface Proposal {
  readonly settings: ProvenSettings;
  /** What each setting rests on, and why others are missing. */
  readonly grounds: readonly { readonly setting: string; readonly text: string }[];
  /** Of a pod: securityContext, mounts and volumes. */
  readonly yaml: string;
}

export interface ProvenSettings {
  /** Null where it had to stay root, or could not be seen. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  readonly readOnlyRoot: boolean;
  /** Where it needs an empty folder it may write to. */
  readonly writable: readonly string[];
  /** What it was given back after all were dropped; null where they could not be dropped. */
  readonly addedCapabilities: readonly string[] | null;
  readonly noNewPrivileges: boolean;
  /** Whether the engine's default profile of system calls was in force. */
  readonly seccomp: boolean;
}
