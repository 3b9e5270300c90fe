import type { RunRecord } from '../../core/record.ts';
import type { ReportFormat } from '../format.ts';
import { groupBy } from '../group.ts';
import { instantText } from '../instants.ts';
import { placeDetails, placeText } from '../location-text.ts';
import { nextSteps, type Step } from '../next-steps.ts';
import { byLocation } from '../order.ts';
import { durationText, measureText } from '../quantity-text.ts';
import type { FindingRecord } from '../record-parts.ts';
import { itemMarks, itemStatusText, severityMarks, verdictMarks } from '../status-mark.ts';
import { suppressedOf, suppressorText, untilText } from '../suppressed.ts';
import { verdictReason } from '../verdict-sentence.ts';
import { visibleLines } from '../visible.ts';
import { code, prose, table } from './escape.ts';

type Section = (record: RunRecord) => readonly string[];

const sections: readonly Section[] = [
  items,
  findings,
  remedies,
  suppressed,
  measurements,
  couldNotLook,
  notExamined,
  waivers,
  signoffs,
  howToGoOn,
  facts,
];

/** GitHub-flavoured Markdown for a pull request, a wiki or a step summary. */
export const format: ReportFormat = {
  name: 'markdown',
  mediaType: 'text/markdown; charset=utf-8',
  extension: 'md',
  render(record) {
    const bodies = sections.map((section) => section(record)).filter((lines) => lines.length > 0);
    const lines = [...heading(record), ...bodies.flatMap((body) => ['', ...body])];
    return `${lines.join('\n')}\n`;
  },
};

function heading(record: RunRecord): string[] {
  const { symbol, word } = verdictMarks[record.verdict];
  return [`## ${symbol} ${word}`, '', prose(verdictReason(record))];
}

function titled(title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [`### ${title}`, '', ...body];
}

function items(record: RunRecord): string[] {
  const rows = record.items.map((item) => [
    String(item.n),
    prose(item.title) + (item.critical ? '' : ' (not critical)'),
    `${itemMarks[item.status].symbol} ${itemStatusText(item)}`,
    prose(item.reason),
  ]);
  return titled('Items', table(['#', 'Item', 'Status', 'Reason'], rows));
}

function findings(record: RunRecord): string[] {
  const rows = byLocation(record.findings).map((finding) => [
    severityText(finding),
    [placeText(finding), ...placeDetails(finding)].map(code).join('<br>'),
    prose(finding.message),
    code(finding.check),
  ]);
  return titled('Findings', table(['Severity', 'Where', 'What', 'Check'], rows));
}

function severityText({ severity, waivedBy }: FindingRecord): string {
  const { symbol, word } = severityMarks[severity];
  return `${symbol} ${word}${waivedBy === null ? '' : `, waived by ${prose(waivedBy)}`}`;
}

function remedies(record: RunRecord): string[] {
  const groups = groupBy(byLocation(record.findings), (finding) => finding.check);
  const body = groups.flatMap(([check, [first]]) => {
    const text = visibleLines(first?.remediation ?? '')
      .map(prose)
      .join(' ');
    return text === '' ? [] : [`- ${code(check)}: ${text}`];
  });
  return titled('How to mend', body);
}

function suppressed(record: RunRecord): string[] {
  const rows = suppressedOf(record).map((entry) => [
    code(placeText(entry.finding)),
    prose(entry.finding.message),
    code(entry.finding.check),
    prose(suppressorText(entry)),
    prose(entry.reason),
    prose(untilText(entry)),
  ]);
  return titled('Suppressed', table(['Where', 'What', 'Check', 'By', 'Reason', 'Until'], rows));
}

function measurements(record: RunRecord): string[] {
  const rows = record.measurements.map(({ name, value, unit, low, high, limit, source }) => [
    prose(name),
    prose(measureText(value, unit)),
    low === null || high === null
      ? ''
      : prose(`${measureText(low, '')} to ${measureText(high, unit)}`),
    limit === null ? '' : prose(measureText(limit, unit)),
    source,
  ]);
  return titled('Measurements', table(['Name', 'Value', 'Interval', 'Limit', 'Source'], rows));
}

function couldNotLook(record: RunRecord): string[] {
  const rows = record.outcomes
    .filter((outcome) => outcome.outcome === 'inconclusive')
    .map(({ check, target, fault }) => [
      code(check),
      code(target),
      fault === null
        ? 'part of it was not examined'
        : `${code(fault.code)} ${prose(fault.message)}`,
      fault === null ? '' : prose(fault.hint),
    ]);
  return titled('Could not look', table(['Check', 'Target', 'Why', 'Hint'], rows));
}

function notExamined(record: RunRecord): string[] {
  const rows = record.notExamined.map(({ what, why }) => [prose(what), prose(why)]);
  return titled('Not examined', table(['What', 'Why'], rows));
}

function waivers(record: RunRecord): string[] {
  const rows = record.waivers.map((waiver) => [
    code(waiver.id),
    code(waiver.target),
    waiver.state + (waiver.detail === '' ? '' : `: ${prose(waiver.detail)}`),
    prose(waiver.reason),
    prose(waiver.owner),
    instantText(waiver.until),
  ]);
  return titled('Waivers', table(['Id', 'For', 'State', 'Reason', 'Owner', 'Until'], rows));
}

function signoffs(record: RunRecord): string[] {
  const rows = record.signoffs.map((signoff) => [
    prose(signoff.identity),
    prose(signoff.role),
    signoff.decision,
    signoff.state + (signoff.detail === '' ? '' : `: ${prose(signoff.detail)}`),
    prose(signoff.comment),
    instantText(signoff.expiresAt),
  ]);
  return titled(
    'Sign-offs',
    table(['Who', 'Role', 'Decision', 'State', 'Comment', 'Expires'], rows),
  );
}

function howToGoOn(record: RunRecord): string[] {
  const steps = nextSteps(record).map((step, index) => `${index + 1}. ${stepText(step)}`);
  return titled('How to go on', steps);
}

function stepText(step: Step): string {
  return step.map((part) => (typeof part === 'string' ? prose(part) : code(part.code))).join('');
}

function facts(record: RunRecord): string[] {
  return [
    `${record.tool.name} ${prose(record.tool.version)}, ${code(record.command)}, ${instantText(record.startedAt)}, took ${durationText(record.durationMs)}`,
  ];
}
