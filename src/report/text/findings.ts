import { groupBy } from '../group.ts';
import { groupText, placeDetails, placeText } from '../location-text.ts';
import { byLocation } from '../order.ts';
import type { FindingRecord } from '../record-parts.ts';
import { severityMarks } from '../status-mark.ts';
import { type SuppressedRecord, suppressedOf, suppressorText, untilText } from '../suppressed.ts';
import { visible, visibleLines } from '../visible.ts';
import { displayWidth } from './display-width.ts';
import { type Page, titled } from './page.ts';
import { severityTones } from './paint.ts';
import { hang } from './wrap.ts';

export function findingsSection(page: Page): readonly string[] {
  const groups = groupBy(byLocation(page.record.findings), groupText);
  return groups.flatMap(([group, findings], index) => [
    ...(index === 0 ? [] : ['']),
    page.paint('strong', group),
    ...findings.flatMap((finding) => findingLines(page, finding)),
  ]);
}

/**
 * `path:line:column  severity  message  [check]`. The place stays in one piece, so that a terminal
 * makes a link of it; the message hangs below when both do not fit on one line.
 */
function findingLines(page: Page, finding: FindingRecord): string[] {
  const { symbol, word } = severityMarks[finding.severity];
  const mark = `${symbol} ${word}`;
  const message = `${visible(finding.message)}  [${visible(finding.check)}]`;
  const head = `  ${placeText(finding)}  ${mark}`;
  const [first = '', ...more] = messageLines(head, message, page.width);
  // The place is data and may hold the mark's own text, so only what follows it is painted.
  const painted = `${head.slice(0, -mark.length)}${page.paint(severityTones[finding.severity], mark)}`;
  const notes = [...shownDetails(finding), ...waivedNote(finding), ...verboseNotes(page, finding)];
  return [
    `${painted}${first.slice(head.length)}`,
    ...more,
    ...notes.flatMap((note) => hang('      ', note, page.width)).map((l) => page.paint('quiet', l)),
  ];
}

function messageLines(head: string, message: string, width: number): string[] {
  const oneLine = `${head}  ${message}`;
  return displayWidth(oneLine) <= width ? [oneLine] : [head, ...hang('      ', message, width)];
}

/** The details of an object's or file's finding; a layer is the group's heading already. */
function shownDetails(finding: FindingRecord): string[] {
  const details = placeDetails(finding).filter((detail) => !detail.startsWith('layer '));
  return details.length === 0 ? [] : [details.join(', ')];
}

function waivedNote(finding: FindingRecord): string[] {
  return finding.waivedBy === null ? [] : [`waived by ${visible(finding.waivedBy)}`];
}

function verboseNotes(page: Page, finding: FindingRecord): string[] {
  if (!page.verbose) return [];
  return [
    `fingerprint ${visible(finding.fingerprint)}`,
    ...finding.evidence.map((entry) => `evidence/${visible(entry.name)}, sha256 ${entry.sha256}`),
  ];
}

/** Once for each check, however many findings it gave. */
export function remediesSection(page: Page): readonly string[] {
  const groups = groupBy(byLocation(page.record.findings), (finding) => finding.check);
  const body = groups.flatMap(([check, findings]) => {
    const remedy = visibleLines(findings[0]?.remediation ?? '');
    if (remedy.length === 0) return [];
    return [`  [${visible(check)}]`, ...remedy.flatMap((line) => hang('      ', line, page.width))];
  });
  return titled(page, 'How to mend', body);
}

const ending = (entry: SuppressedRecord): string =>
  entry.until === null ? untilText(entry) : `until ${visible(entry.until)}`;

/** Counted in the first line, and listed for who wants to know everything. */
export function suppressedSection(page: Page): readonly string[] {
  const entries = page.verbose ? suppressedOf(page.record) : [];
  const body = entries.flatMap((entry) => {
    const { finding, reason } = entry;
    const said = `${visible(finding.message)}  [${visible(finding.check)}]`;
    const why = `${suppressorText(entry)}, ${ending(entry)}: ${visible(reason)}`;
    const head = `  ${placeText(finding)}`;
    return [head, ...[said, why].flatMap((line) => hang('      ', line, page.width))];
  });
  return titled(page, 'Suppressed', body);
}
