import type { Severity } from '../core/finding.ts';
import type { ItemStatus } from '../core/item.ts';
import type { RunRecord } from '../core/record.ts';
import { countText } from './quantity-text.ts';
import { itemMarks, itemStatuses, severities, verdictMarks } from './status-mark.ts';
import { visible } from './visible.ts';

/** `NO-GO  3 errors, 1 warning in 41 checks; items failed: 1 images, 3 manifests`, on one line. */
export function verdictSentence(record: RunRecord): string {
  return `${verdictMarks[record.verdict].word}  ${verdictReason(record)}`;
}

/** The sentence without its first word. */
export function verdictReason(record: RunRecord): string {
  return [checksText(record), ...itemsTexts(record)].filter((part) => part !== '').join('; ');
}

function checksText(record: RunRecord): string {
  const { checks, inconclusive, skipped } = record.summary;
  const measured = record.measurements.length;
  if (checks === 0 && record.findings.length === 0 && (measured > 0 || record.items.length > 0)) {
    return measured > 0 ? countText(measured, 'measurement') : '';
  }
  const parts = [`${findingsText(record)} in ${countText(checks, 'check')}`];
  if (inconclusive > 0) parts.push(`${inconclusive} inconclusive`);
  const suppressed = record.suppressed?.length ?? 0;
  if (suppressed > 0) parts.push(`${suppressed} suppressed`);
  if (skipped > 0) parts.push(`${skipped} switched off`);
  return parts.join(', ');
}

function findingsText(record: RunRecord): string {
  const parts = severities
    .filter((severity) => record.summary.findings[severity] > 0)
    .map((severity) => severityCount(record, severity));
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

function severityCount(record: RunRecord, severity: Severity): string {
  const waived = record.findings.filter(
    (finding) => finding.severity === severity && finding.waivedBy !== null,
  ).length;
  const noun = severity === 'info' ? 'note' : severity;
  const count = countText(record.summary.findings[severity], noun);
  return waived === 0 ? count : `${count} (${waived} waived)`;
}

const itemVerbs = {
  fail: 'failed',
  error: 'broken',
  stale: 'stale',
  pending: 'pending',
} as const satisfies Partial<Record<ItemStatus, string>>;

/** The items in the way by name; when none is, how the items stand. */
function itemsTexts(record: RunRecord): string[] {
  if (record.items.length === 0) return [];
  const blocking = (['fail', 'error', 'stale', 'pending'] as const).flatMap((status) => {
    const names = record.items
      .filter((item) => item.status === status)
      .map((item) => `${item.n} ${visible(item.id)}`);
    return names.length === 0 ? [] : [`items ${itemVerbs[status]}: ${names.join(', ')}`];
  });
  return blocking.length > 0 ? blocking : [itemCounts(record)];
}

function itemCounts(record: RunRecord): string {
  return [...itemStatuses]
    .reverse()
    .map((status) => ({
      status,
      count: record.items.filter((item) => item.status === status).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }, index) =>
      index === 0
        ? `${countText(count, 'item')} ${itemMarks[status].word}`
        : `${count} ${itemMarks[status].word}`,
    )
    .join(', ');
}
