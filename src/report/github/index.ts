import type { Severity } from '../../core/finding.ts';
import type { RunRecord } from '../../core/record.ts';
import type { ReportFormat } from '../format.ts';
import { placeDetails, placeText } from '../location-text.ts';
import { byLocation } from '../order.ts';
import type { FindingRecord } from '../record-parts.ts';
import { verdictSentence } from '../verdict-sentence.ts';
import { visible } from '../visible.ts';

type Level = 'error' | 'warning' | 'notice';

const levels = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
} as const satisfies Record<Severity, Level>;

/**
 * Workflow commands of GitHub Actions, which become annotations at the lines of a pull request
 * (https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions). GitHub shows ten of
 * each level a step, so the gravest come first; the last line is the verdict.
 */
export const format: ReportFormat = {
  name: 'github',
  mediaType: 'text/plain',
  extension: 'github',
  render(record) {
    const commands = [
      ...unread(record),
      ...byLocation(record.findings)
        .map((finding) => ({ finding, level: levelOf(finding) }))
        .toSorted((a, b) => rank[a.level] - rank[b.level])
        .map(({ finding, level }) => annotation(finding, level)),
      command('notice', { title: 'deploycheck' }, verdictSentence(record)),
    ];
    return `${commands.join('\n')}\n`;
  },
};

const rank = { error: 0, warning: 1, notice: 2 } as const satisfies Record<Level, number>;

const levelOf = ({ severity, waivedBy }: FindingRecord): Level =>
  waivedBy === null ? levels[severity] : 'notice';

function annotation(finding: FindingRecord, level: Level): string {
  const { location, check, message, remediation, waivedBy } = finding;
  const { file, line, column } = location;
  const title = visible(check);
  const place = { file: file && visible(file), line, col: column, title };
  const details = file === undefined ? [placeText(finding)] : placeDetails(finding);
  const said = [
    visible(message),
    ...details,
    visible(remediation),
    ...(waivedBy === null ? [] : [`waived by ${visible(waivedBy)}`]),
  ];
  return command(level, place, said.filter((text) => text !== '').join('\n'));
}

/** What nobody could look at is no pass: it has no line, and is said first. */
function unread(record: RunRecord): string[] {
  return [
    ...record.outcomes.flatMap(({ check, target, fault }) =>
      fault
        ? [command('error', { title: visible(check) }, visible(`${target}: ${fault.message}`))]
        : [],
    ),
    ...record.notExamined.map(({ what, why }) =>
      command('warning', { title: 'not examined' }, visible(`${what}: ${why}`)),
    ),
  ];
}

type Properties = Readonly<Record<string, string | number | undefined>>;

function command(level: Level, properties: Properties, message: string): string {
  const list = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escaped(String(value), /[%\r\n:,]/g)}`);
  return `::${level} ${list.join(',')}::${escaped(message, /[%\r\n]/g)}`;
}

/** A line that a message brings along would be a command of its own. */
const escaped = (text: string, acting: RegExp): string =>
  text.replace(acting, (character) => encodeURIComponent(character));
