import { groupBy } from '../group.ts';
import { compareText } from '../order.ts';
import { countText } from '../quantity-text.ts';
import type { FindingRecord } from '../record-parts.ts';
import { severities } from '../status-mark.ts';
import { type Html, html } from './markup.ts';
import { percent } from './scale.ts';
import { severityTones } from './tone.ts';

/** More checks than these share the last row. */
const shownChecks = 12;

interface Row {
  readonly label: string;
  /** In the order of {@link severities}. */
  readonly counts: readonly number[];
}

/** Findings of each check as a bar of severities; the check with the most errors first. */
export function findingsChart(findings: readonly FindingRecord[]): Html {
  const rows = rowsOf(findings);
  const widest = Math.max(1, ...rows.map(total));
  return html`<figure>
<figcaption>Findings by check and severity</figcaption>
<ol class="rows">${rows.map((row) => rowElement(row, widest))}</ol>
</figure>`;
}

function rowsOf(findings: readonly FindingRecord[]): Row[] {
  const rows = groupBy(findings, ({ check }) => check)
    .map(([label, members]) => ({ label, counts: countsOf(members) }))
    .sort(worstFirst);
  if (rows.length <= shownChecks) return rows;
  const rest = rows.slice(shownChecks - 1);
  const counts = severities.map((_, index) =>
    rest.reduce((sum, row) => sum + (row.counts[index] ?? 0), 0),
  );
  return [...rows.slice(0, shownChecks - 1), { label: `${rest.length} other checks`, counts }];
}

function countsOf(findings: readonly FindingRecord[]): number[] {
  return severities.map(
    (severity) => findings.filter((finding) => finding.severity === severity).length,
  );
}

function worstFirst(a: Row, b: Row): number {
  for (const index of severities.keys()) {
    const order = (b.counts[index] ?? 0) - (a.counts[index] ?? 0);
    if (order !== 0) return order;
  }
  return compareText(a.label, b.label);
}

function total({ counts }: Row): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function rowElement(row: Row, widest: number): Html {
  let before = 0;
  const bars = row.counts.map((count, index) => {
    const severity = severities[index] ?? 'info';
    const x = (100 * before) / widest;
    before += count;
    if (count === 0) return null;
    return html`<rect class="fill ${severityTones[severity]}" x="${percent(x)}" y="15%" width="${percent((100 * count) / widest - 0.3)}" height="70%" rx="2"/>`;
  });
  const value = row.counts
    .map((count, index) => countText(count, nouns[severities[index] ?? 'info']))
    .filter((text) => !text.startsWith('0 '))
    .join(', ');
  return html`<li><span class="label mono">${row.label}</span><svg class="thin" aria-hidden="true">${bars}</svg><span class="value">${value}</span></li>`;
}

const nouns = { error: 'error', warning: 'warning', info: 'note' } as const;
