import { groupBy } from '../group.ts';
import { groupText, placeDetails, placeText } from '../location-text.ts';
import { byLocation } from '../order.ts';
import type { FindingRecord } from '../record-parts.ts';
import { severityMarks } from '../status-mark.ts';
import { suppressedOf, suppressorText, untilText } from '../suppressed.ts';
import { visibleLines } from '../visible.ts';
import { findingsChart } from './chart-findings.ts';
import { type Html, html } from './markup.ts';
import type { SectionMaker } from './section.ts';
import { table } from './table.ts';
import { mark, severityTones } from './tone.ts';

export const findingsSection: SectionMaker = ({ findings }) => {
  if (findings.length === 0) return null;
  const groups = groupBy(byLocation(findings), groupText);
  return {
    id: 'findings',
    title: 'Findings',
    count: findings.length,
    body: html`${findingsChart(findings)}
${groups.map(([group, members]) => html`<h3 class="mono">${group}</h3>${members.map(article)}`)}`,
  };
};

function article(finding: FindingRecord): Html {
  const tone = severityTones[finding.severity];
  const remedy = visibleLines(finding.remediation);
  return html`<article class="finding ${tone}">
<header>${mark(tone, severityMarks[finding.severity])}<span class="mono">${placeText(finding)}</span>${waivedMark(finding)}</header>
<p>${finding.message}</p>
${remedy.map((line, index) => html`<p class="${index === 0 ? 'remedy' : ''}">${line}</p>`)}
<dl class="about">${aboutRows(finding).map(
    ([term, text]) => html`<dt>${term}</dt><dd class="mono">${text}</dd>`,
  )}</dl>
</article>
`;
}

function waivedMark({ waivedBy }: FindingRecord): Html | null {
  return waivedBy === null ? null : mark('special', { symbol: '◆', word: `waived by ${waivedBy}` });
}

function aboutRows(finding: FindingRecord): [term: string, text: string][] {
  const details = placeDetails(finding);
  return [
    ['check', finding.check],
    ...(details.length > 0 ? [['at', details.join(', ')] satisfies [string, string]] : []),
    ['fingerprint', finding.fingerprint],
    ...finding.evidence.map((entry): [string, string] => [
      'evidence',
      `${entry.name} sha256:${entry.sha256}`,
    ]),
  ];
}

export const suppressedSection: SectionMaker = (record) => {
  const entries = suppressedOf(record);
  if (entries.length === 0) return null;
  const columns = [
    { head: 'Where', kind: 'medium-column' },
    { head: 'What' },
    { head: 'Suppressed by', kind: 'medium-column' },
    { head: 'Reason' },
    { head: 'Until', kind: 'small-column' },
  ] as const;
  const rows = entries.map((entry) => [
    html`<code>${placeText(entry.finding)}</code>`,
    html`${entry.finding.message}<br><code>${entry.finding.check}</code>`,
    html`<code>${suppressorText(entry)}</code>`,
    entry.reason,
    untilText(entry),
  ]);
  return {
    id: 'suppressed',
    title: 'Suppressed',
    count: entries.length,
    body: html`<p class="quiet">Found, and not counted: somebody has written that it is accepted.</p>${table(columns, rows)}`,
  };
};
