import { compareText } from '../order.ts';
import { visibleLines } from '../visible.ts';
import { html, preformatted } from './markup.ts';
import type { SectionMaker } from './section.ts';
import { table } from './table.ts';

export const inconclusiveSection: SectionMaker = ({ outcomes }) => {
  const open = outcomes
    .filter(({ outcome }) => outcome === 'inconclusive')
    .toSorted((a, b) => compareText(a.check, b.check) || compareText(a.target, b.target));
  if (open.length === 0) return null;
  const columns = [
    { head: 'Check', kind: 'medium-column' },
    { head: 'Target' },
    { head: 'Why' },
    { head: 'Hint' },
  ] as const;
  const rows = open.map(({ check, target, fault }) => [
    html`<code>${check}</code>`,
    html`<code>${target}</code>`,
    fault === null
      ? 'Part of it was not examined.'
      : html`<code>${fault.code}</code> (${fault.who})<br>${fault.message}${causeText(fault.cause)}`,
    fault === null
      ? ''
      : html`${visibleLines(fault.hint).join(' ')}<br><span class="quiet small">${fault.page}</span>`,
  ]);
  return {
    id: 'could-not-look',
    title: 'Could not look',
    count: open.length,
    body: html`<p class="quiet">A check that came to no answer is never a pass.</p>${table(columns, rows)}`,
  };
};

/** A cause of one line says little more than the message; a stack is for a report of the bug. */
function causeText(cause: string | null) {
  const lines = visibleLines(cause ?? '');
  return lines.length < 2 ? null : html`<pre tabindex="0">${preformatted(lines)}</pre>`;
}

export const notExaminedSection: SectionMaker = ({ notExamined }) => {
  if (notExamined.length === 0) return null;
  const rows = notExamined.map(({ what, why }) => [what, why]);
  return {
    id: 'not-examined',
    title: 'Not examined',
    count: notExamined.length,
    body: table([{ head: 'What' }, { head: 'Why' }], rows),
  };
};
