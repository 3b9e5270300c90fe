import type { RunRecord } from '../../core/record.ts';
import type { ReportFormat, ReportOptions } from '../format.ts';
import { verdictMarks } from '../status-mark.ts';
import { verdictReason } from '../verdict-sentence.ts';
import { findingsSection, remediesSection, suppressedSection } from './findings.ts';
import { itemsSection } from './items.ts';
import { inert } from './log-command.ts';
import { measurementsSection } from './measurements.ts';
import { inconclusiveSection, notExaminedSection } from './not-seen.ts';
import type { Page, Section } from './page.ts';
import { createPaint, verdictTones } from './paint.ts';
import { nextSection, signoffsSection, waiversSection } from './people.ts';

const sections: readonly Section[] = [
  itemsSection,
  findingsSection,
  remediesSection,
  suppressedSection,
  measurementsSection,
  inconclusiveSection,
  notExaminedSection,
  waiversSection,
  signoffsSection,
  nextSection,
];

/** For a terminal: the verdict on the first line, which is never wrapped so that `head -1` has all of it. */
export const format: ReportFormat = {
  name: 'text',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  render(record, options) {
    const page = pageOf(record, options);
    const bodies = sections.map((section) => section(page)).filter((lines) => lines.length > 0);
    const lines = [verdictLine(page), ...bodies.flatMap((body) => ['', ...body])];
    return `${lines.map(inert).join('\n')}\n`;
  },
};

function pageOf(record: RunRecord, { color, width, verbose }: ReportOptions): Page {
  return { record, paint: createPaint(color), width, verbose };
}

function verdictLine({ record, paint }: Page): string {
  const word = paint(verdictTones[record.verdict], verdictMarks[record.verdict].word);
  return `${paint('strong', word)}  ${verdictReason(record)}`;
}
