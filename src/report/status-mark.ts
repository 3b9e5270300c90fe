import type { Severity } from '../core/finding.ts';
import type { ItemStatus } from '../core/item.ts';
import type { ItemRecord, RunRecord } from '../core/record.ts';

/**
 * How a state looks without colour: a symbol and a word. The symbols have text presentation only, so
 * no font turns them into a picture.
 */
export interface Mark {
  readonly symbol: string;
  readonly word: string;
}

export const itemMarks = {
  pass: { symbol: '✓', word: 'pass' },
  fail: { symbol: '✗', word: 'fail' },
  error: { symbol: '!', word: 'error' },
  stale: { symbol: '↻', word: 'stale' },
  pending: { symbol: '○', word: 'pending' },
  waived: { symbol: '◆', word: 'waived' },
  'not-applicable': { symbol: '–', word: 'not applicable' },
} as const satisfies Record<ItemStatus, Mark>;

/** Worst first, the order in which counts and charts name the states. */
export const itemStatuses = [
  'fail',
  'error',
  'stale',
  'pending',
  'waived',
  'not-applicable',
  'pass',
] as const satisfies readonly ItemStatus[];

export const severityMarks = {
  error: { symbol: '✗', word: 'error' },
  warning: { symbol: '▲', word: 'warning' },
  info: { symbol: '·', word: 'info' },
} as const satisfies Record<Severity, Mark>;

export const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[];

export const verdictMarks = {
  go: { symbol: '✓', word: 'GO' },
  'no-go': { symbol: '✗', word: 'NO-GO' },
  pending: { symbol: '○', word: 'PENDING' },
  stale: { symbol: '↻', word: 'STALE' },
  fault: { symbol: '!', word: 'FAULT' },
} as const satisfies Record<RunRecord['verdict'], Mark>;

/** The word of an item's status, with what a pending one waits for and whether it blocks. */
export function itemStatusText(item: ItemRecord): string {
  const { word } = itemMarks[item.status];
  return item.pendingOn === null ? word : `${word} on ${item.pendingOn}`;
}
