import type { Clock } from '../core/clock.ts';
import type { EvidenceSink } from '../core/evidence.ts';
import type { Redactor } from '../core/redact.ts';
import type { Scope } from '../core/scope.ts';

/** How an image shows that it has started. */
export type Readiness =
  /** Its health check, where it has one; that it still runs, where it has none. */
  | { readonly by: 'default' }
  | { readonly by: 'health' }
  | { readonly by: 'http'; readonly port: number; readonly path: string }
  | { readonly by: 'log'; readonly text: string }
  /** It ends with exit code 0. */
  | { readonly by: 'exit' }
  | { readonly by: 'settled' };

/** An image, and how it is to be run. */
export interface ProbeRequest {
  /** A reference, or an id that the engine knows. */
  readonly image: string;
  /** As the user named it. */
  readonly label: string;
  /** Instead of the image's, as Kubernetes means the two. */
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  /** Values may be secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that are empty and may be written to, as an emptyDir is. */
  readonly tmpfs: readonly string[];
  /** Folders that outlive a container, beside the VOLUMEs of the image. */
  readonly volumes: readonly string[];
  /** Bytes; null when no limit is to be tried. */
  readonly memory: number | null;
  /** Network of the engine, but for the trial without one. */
  readonly network: string;
  readonly ready: Readiness;
  /** Milliseconds until it has to be ready. */
  readonly readyMs: number;
  /** Milliseconds that it has to go on running then. */
  readonly settleMs: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
}

export const defaultTimes = {
  readyMs: 60_000,
  settleMs: 3000,
  // As Kubernetes has it: terminationGracePeriodSeconds.
  graceSeconds: 30,
} as const;

export interface ProbeContext {
  readonly clock: Clock;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly redact: Redactor;
  readonly evidence: EvidenceSink;
  /** Begins the names of the files of evidence, such as `probe-1`. */
  readonly evidencePrefix: string;
  /** Told what is tried next. */
  readonly say: (line: string) => void;
}
