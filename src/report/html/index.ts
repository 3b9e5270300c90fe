import type { RunRecord } from '../../core/record.ts';
import type { ReportFormat } from '../format.ts';
import { banner, head, runSection } from './head.ts';
import { html } from './markup.ts';
import { contents, type SectionMaker, sectionElement } from './section.ts';
import { findingsSection, suppressedSection } from './sections-findings.ts';
import {
  itemsSection,
  measurementsSection,
  stepsSection,
  timelineSection,
} from './sections-items.ts';
import { inconclusiveSection, notExaminedSection } from './sections-not-seen.ts';
import { nextSection, signoffsSection, waiversSection } from './sections-people.ts';
import { evidenceSection, inputsSection, verifySection } from './sections-proof.ts';

const makers: readonly SectionMaker[] = [
  nextSection,
  itemsSection,
  findingsSection,
  suppressedSection,
  measurementsSection,
  inconclusiveSection,
  notExaminedSection,
  waiversSection,
  signoffsSection,
  timelineSection,
  stepsSection,
  runSection,
  inputsSection,
  evidenceSection,
  verifySection,
];

/** One file that needs nothing else: no network, no script, readable on paper and on a phone. */
export const format: ReportFormat = {
  name: 'html',
  mediaType: 'text/html; charset=utf-8',
  extension: 'html',
  render: (record) => `<!DOCTYPE html>\n${page(record).markup}\n`,
};

function page(record: RunRecord) {
  const sections = makers.map((make) => make(record)).filter((section) => section !== null);
  return html`<html lang="en">
${head(record)}<body>
<div class="page">
<a class="skip" href="#main">Skip to the content</a>
${banner(record)}${contents(sections)}<main id="main">
${sections.map(sectionElement)}</main>
<footer>Made by ${record.tool.name} ${record.tool.version} from one record; the same record gives the same bytes.</footer>
</div>
</body>
</html>`;
}
