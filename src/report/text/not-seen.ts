import { compareText } from '../order.ts';
import type { OutcomeRecord } from '../record-parts.ts';
import { visible, visibleLines } from '../visible.ts';
import { type Page, titled } from './page.ts';
import { hang } from './wrap.ts';

/** Checks that came to no answer. */
export function inconclusiveSection(page: Page): readonly string[] {
  const outcomes = page.record.outcomes
    .filter((outcome) => outcome.outcome === 'inconclusive')
    .toSorted((a, b) => compareText(a.check, b.check) || compareText(a.target, b.target));
  return titled(
    page,
    'Could not look',
    outcomes.flatMap((outcome) => outcomeLines(page, outcome)),
  );
}

function outcomeLines(page: Page, { check, target, fault }: OutcomeRecord): string[] {
  const head = `${page.paint('warn', '? inconclusive')}  [${visible(check)}]`;
  const about = (text: string) => hang('      ', text, page.width);
  const lines = [`  ${head}`, ...about(`on ${visible(target)}`)];
  if (fault === null) return [...lines, ...about('Part of it was not examined; see below.')];
  const cause = page.verbose && fault.cause !== null ? visibleLines(fault.cause) : [];
  return [
    ...lines,
    ...about(`${visible(fault.code)} (${fault.who}): ${visible(fault.message)}`),
    ...visibleLines(fault.hint).flatMap((line) => about(`hint: ${line}`)),
    ...about(`see ${visible(fault.page)}`),
    ...cause.flatMap((line) => about(line)),
  ];
}

export function notExaminedSection(page: Page): readonly string[] {
  const body = page.record.notExamined.flatMap(({ what, why }) =>
    hang('  - ', `${visible(what)}: ${visible(why)}`, page.width),
  );
  return titled(page, 'Not examined', body);
}
