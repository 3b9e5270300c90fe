import { styleText } from 'node:util';
import type { Severity } from '../../core/finding.ts';
import type { ItemStatus } from '../../core/item.ts';
import type { RunRecord } from '../../core/record.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'special' | 'quiet' | 'strong';

export type Paint = (tone: Tone, text: string) => string;

const styles = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  special: 'magenta',
  quiet: 'dim',
  strong: 'bold',
} as const satisfies Record<Tone, string>;

/** Without colour, text passes unchanged: no tone says what words do not. */
export function createPaint(color: boolean): Paint {
  // The caller has decided; styleText's own look at stdout and NO_COLOR would make the report impure.
  return (tone, text) => (color ? styleText(styles[tone], text, { validateStream: false }) : text);
}

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
  'not-applicable': 'quiet',
} as const satisfies Record<ItemStatus, Tone>;

export const severityTones = {
  error: 'bad',
  warning: 'warn',
  info: 'quiet',
} as const satisfies Record<Severity, Tone>;
