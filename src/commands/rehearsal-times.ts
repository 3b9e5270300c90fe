import type { Rehearsal } from '../backup/set/reports.ts';
import { measured } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';

/** What restoring and comparing took; of a rehearsal that did not end well it would mean nothing. */
export function rehearsalTimes(
  { verdict, measured: { restoreMs, compareMs, unpackMs = 0 } }: Rehearsal,
  limits: { readonly restoreMs: number },
): RunRecord['measurements'] {
  if (verdict !== 'good') return [];
  return [
    measured('backup.restore-time', restoreMs / 1000, 's', limits.restoreMs / 1000),
    ...(unpackMs > 0 ? [measured('backup.unpack-time', unpackMs / 1000, 's')] : []),
    measured('backup.compare-time', compareMs / 1000, 's'),
  ];
}
