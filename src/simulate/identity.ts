import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { SimulateRequest } from './request.ts';

/** Labels and annotations of a temporary namespace. */
export const marks = {
  run: 'deploycheck.dev/run',
  expires: 'deploycheck.dev/expires-at',
  managedBy: 'app.kubernetes.io/managed-by',
  owner: 'deploycheck.dev/owner',
  tool: 'deploycheck.dev/tool-version',
} as const;

export const managedBy = 'deploycheck';

/** Who a run is, in the cluster. */
export interface Identity {
  readonly namespace: string;
  /** 32 random hex digits: what carries them was made by this run. */
  readonly run: string;
  readonly expires: Date;
  /** Seconds until then. */
  readonly lifetime: number;
  readonly fieldManager: string;
}

/** Milliseconds that a sandbox may outlive the longest run it is made for, and that looking into it may take. */
const margin = 3_600_000;
const inspection = 7_200_000;

export function newIdentity(
  clock: Clock,
  { deadlines, soakMs, inspect }: Pick<SimulateRequest, 'deadlines' | 'soakMs' | 'inspect'>,
): Identity {
  const namespace = `deploycheck-${randomBytes(4).toString('hex')}`;
  const longestMs = deadlines.readyMs + soakMs + deadlines.cleanUpMs + (inspect ? inspection : 0);
  const lifetimeMs = longestMs + margin;
  return {
    namespace,
    run: randomBytes(16).toString('hex'),
    expires: new Date(clock.now().getTime() + lifetimeMs),
    lifetime: Math.ceil(lifetimeMs / 1000),
    // Its own, so that managedFields tell this run from another.
    fieldManager: namespace,
  };
}

/** A text as the value of a label, which takes fewer characters (Kubernetes, "Labels and Selectors"). */
export function labelText(text: string): string {
  const taken = text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 63);
  return taken.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '') || 'unknown';
}

/** `20261121T152209Z`: a label value may hold no colon. */
export function labelTime(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** The inverse of {@link labelTime}; undefined when it is not such a time. */
export function parseLabelTime(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
