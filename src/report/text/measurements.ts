import { measureText } from '../quantity-text.ts';
import type { Measurement } from '../record-parts.ts';
import { visible } from '../visible.ts';
import { type Page, titled } from './page.ts';
import { hang } from './wrap.ts';

export function measurementsSection(page: Page): readonly string[] {
  return titled(
    page,
    'Measurements',
    page.record.measurements.flatMap((entry) =>
      hang('  ', `${visible(entry.name)}: ${measurementText(entry)}`, page.width),
    ),
  );
}

/** The record does not say on which side of its limit a value is good, so neither does this. */
function measurementText({ value, unit, limit, low, high, source }: Measurement): string {
  const shownUnit = visible(unit);
  const parts = [measureText(value, shownUnit)];
  if (low !== null && high !== null) {
    parts.push(`between ${measureText(low, shownUnit)} and ${measureText(high, shownUnit)}`);
  }
  if (limit !== null) parts.push(`limit ${measureText(limit, shownUnit)}`);
  return [...parts, source].join(', ');
}
