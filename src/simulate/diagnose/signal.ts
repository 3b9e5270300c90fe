import type { Cause, CauseReason } from '../observation.ts';

/** Something that keeps a workload from being ready. */
export interface Signal {
  readonly cause: Cause;
  /**
   * Milliseconds it has to last until it ends the wait: none for what cannot heal by itself, Infinity
   * for what is tolerated until the deadline.
   */
  readonly graceMs: number;
}

export const grace = {
  none: 0,
  /** What the next try of a controller may mend: an object made a moment later. */
  short: 5000,
  /** The scheduler tries again when a pod ends or a node comes. */
  schedule: 15_000,
  tolerated: Number.POSITIVE_INFINITY,
} as const;

export function signal(
  reason: CauseReason,
  graceMs: number,
  detail: string,
  place: { readonly pod?: string; readonly container?: string } = {},
): Signal {
  return {
    graceMs,
    cause: {
      reason,
      pod: place.pod ?? null,
      container: place.container ?? null,
      detail: oneLine(detail),
      lastLog: null,
    },
  };
}

const longest = 600;

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
