import { groupBy } from '../group.ts';
import { groupText, placeDetails, placeText } from '../location-text.ts';
import { byLocation } from '../order.ts';
import type { FindingRecord } from '../record-parts.ts';
import { severityMarks } from '../status-mark.ts';
import { visibleLines } from '../visible.ts';
import { findingsChart } from './chart-findings.ts';
import { type Html, html } from './markup.ts';
import type { SectionMaker } from './section.ts';
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
