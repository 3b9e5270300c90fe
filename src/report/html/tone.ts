import type { Severity } from '../../core/finding.ts';
import type { ItemStatus } from '../../core/item.ts';
import type { RunRecord, SignoffRecord, WaiverRecord } from '../../core/record.ts';
import type { Mark } from '../status-mark.ts';
import { type Html, html } from './markup.ts';

/** Names of classes in the style sheet. */
export type Tone = 'good' | 'bad' | 'warn' | 'special' | 'neutral';

export const verdictTones = {
  go: 'good',
  'no-go': 'bad',
  pending: 'warn',
  stale: 'warn',
  fault: 'bad',
} as const satisfies Record<RunRecord['verdict'], Tone>;

export const itemTones = {
  pass: 'good',
  fail: 'bad',
  error: 'bad',
  stale: 'warn',
  pending: 'warn',
  waived: 'special',
  'not-applicable': 'neutral',
} as const satisfies Record<ItemStatus, Tone>;

export const severityTones = {
  error: 'bad',
  warning: 'warn',
  info: 'neutral',
} as const satisfies Record<Severity, Tone>;

export const waiverMarks = {
  used: { tone: 'special', symbol: '◆', word: 'used' },
  unused: { tone: 'warn', symbol: '○', word: 'unused' },
  expired: { tone: 'bad', symbol: '✗', word: 'expired' },
  invalid: { tone: 'bad', symbol: '✗', word: 'invalid' },
  stale: { tone: 'warn', symbol: '↻', word: 'stale' },
} as const satisfies Record<WaiverRecord['state'], Mark & { readonly tone: Tone }>;

export const signoffMarks = {
  valid: { tone: 'good', symbol: '✓', word: 'valid' },
  expired: { tone: 'bad', symbol: '✗', word: 'expired' },
  invalid: { tone: 'bad', symbol: '✗', word: 'invalid' },
  stale: { tone: 'warn', symbol: '↻', word: 'stale' },
} as const satisfies Record<SignoffRecord['state'], Mark & { readonly tone: Tone }>;

/** A state as symbol and word; the symbol is decoration for those who hear the page. */
export function mark(tone: Tone, { symbol, word }: Mark): Html {
  return html`<span class="mark ${tone}"><i aria-hidden="true">${symbol}</i>${word}</span>`;
}
