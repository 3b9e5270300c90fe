import type { Severity } from '../../core/finding.ts';
import type { RunRecord } from '../../core/record.ts';
import { attribute, sourceOf } from '../attribution.ts';
import type { ReportFormat, RuleInfo } from '../format.ts';
import { instantAfter } from '../instants.ts';
import { objectText, placeDetails, placeText } from '../location-text.ts';
import { compareText } from '../order.ts';
import type { FindingRecord } from '../record-parts.ts';
import { type SuppressedRecord, suppressorText } from '../suppressed.ts';
import { visible } from '../visible.ts';
import { artifactUri } from './uri.ts';

const levels = {
  error: 'error',
  warning: 'warning',
  info: 'note',
} as const satisfies Record<Severity, string>;

/** SARIF 2.1.0; the section numbers below are those of the OASIS standard with errata 01. */
export const format: ReportFormat = {
  name: 'sarif',
  mediaType: 'application/sarif+json',
  extension: 'sarif',
  render(record, { rules }) {
    const log = {
      $schema:
        'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [runOf(record, rules)],
    };
    return `${JSON.stringify(log, null, 2)}\n`;
  },
};

function runOf(given: RunRecord, rules: readonly RuleInfo[]) {
  const suppressed = new Map((given.suppressed ?? []).map((entry) => [entry.finding, entry]));
  const record = { ...given, findings: [...given.findings, ...suppressed.keys()] };
  const ids = ruleIds(record);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const attribution = attribute(record);
  return {
    tool: {
      driver: {
        name: record.tool.name,
        version: record.tool.version,
        rules: ids.map((id) => ruleOf(id, rules)),
      },
    },
    // Section 3.17.3: what tells the runs of one tool over one commit apart.
    automationDetails: { id: `${record.tool.name}/${record.command}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [invocationOf(record, indexOf)],
    results: attribution.findings.map((finding) => ({
      ...resultOf(record, finding, suppressed.get(finding)),
      ruleIndex: indexOf.get(finding.check),
      locations: [locationOf(finding, sourceOf(record, attribution, finding))],
    })),
    properties: { verdict: record.verdict, gates: record.gates },
  };
}

/** The rules that results and notifications point at, each once. */
function ruleIds(record: RunRecord): string[] {
  const inconclusive = record.outcomes.filter((outcome) => outcome.outcome === 'inconclusive');
  const ids = new Set([...record.findings, ...inconclusive].map(({ check }) => check));
  return [...ids].sort(compareText);
}

function ruleOf(id: string, rules: readonly RuleInfo[]) {
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule) return { id };
  const references = rule.references.map((reference) => `See ${reference}`);
  return {
    id,
    shortDescription: { text: message(rule.title) },
    fullDescription: { text: message(rule.why) },
    help: { text: message([rule.remediation, ...references].join('\n')) },
    // Section 3.49.12 wants an absolute URI.
    ...(URL.canParse(rule.page) ? { helpUri: rule.page } : {}),
    defaultConfiguration: { level: levels[rule.severity] },
  };
}

function resultOf(
  record: RunRecord,
  finding: FindingRecord,
  suppressed: SuppressedRecord | undefined,
) {
  return {
    ruleId: finding.check,
    level: levels[finding.severity],
    message: { text: message(finding.message) },
    partialFingerprints: { 'deploycheckFingerprint/v1': finding.fingerprint },
    // Section 3.27.23: an empty list says "not suppressed", absence would say "not known".
    suppressions: suppressed ? [suppressionOf(suppressed)] : suppressionsOf(record, finding),
    ...(finding.fix && { fixes: [fixOf(finding.fix)] }),
    properties: { messageId: finding.messageId, remediation: finding.remediation },
  };
}

/** Section 3.35: what stands in the file of the finding is in source. */
function suppressionOf(entry: SuppressedRecord) {
  const { by, where, reason, until, finding } = entry;
  const elsewhere = by === 'configuration' || by === 'baseline';
  const inSource = !elsewhere && where.file === finding.location.file;
  const ending = until === null ? '' : ` (until ${until})`;
  return {
    kind: inSource ? 'inSource' : 'external',
    status: 'accepted',
    justification: `${suppressorText(entry)}: ${reason}${ending}`,
  };
}

/** Section 3.55: a deleted region without length is the place of an insertion. */
function fixOf({ description, edits }: NonNullable<FindingRecord['fix']>) {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: message(description) },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: artifactUri(file), uriBaseId: '%SRCROOT%' },
      replacements: edits
        .filter((edit) => edit.file === file)
        .map(({ from, to, text }) => ({
          deletedRegion: {
            startLine: from.line,
            startColumn: from.column,
            endLine: to.line,
            endColumn: to.column,
          },
          insertedContent: { text },
        })),
    })),
  };
}

function suppressionsOf({ waivers }: RunRecord, { waivedBy }: FindingRecord) {
  if (waivedBy === null) return [];
  const waiver = waivers.find(({ id }) => id === waivedBy);
  const why = waiver ? `: ${waiver.reason} (${waiver.owner}, until ${waiver.until})` : '';
  return [{ kind: 'external', status: 'accepted', justification: `waiver ${waivedBy}${why}` }];
}

/**
 * Code scanning shows only results with a physical location. What has no file gets the source of its
 * target, and a message that says where inside it the finding stands.
 */
function locationOf(finding: FindingRecord, source: string | undefined) {
  const { file, line, column } = finding.location;
  const logicalLocations = logicalLocationsOf(finding);
  const region = line === undefined ? {} : { region: regionOf(line, column) };
  const uri = artifactUri(file ?? source ?? 'release');
  const inside = [placeText(finding), ...placeDetails(finding)].join(', ');
  return {
    physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, ...region },
    ...(logicalLocations.length > 0 ? { logicalLocations } : {}),
    ...(file === undefined ? { message: { text: message(inside) } } : {}),
  };
}

function regionOf(startLine: number, startColumn: number | undefined) {
  return startColumn === undefined ? { startLine } : { startLine, startColumn };
}

function logicalLocationsOf({ object, location }: FindingRecord) {
  const owner = object ? `${object.apiVersion}/${objectText(object).replace(' ', '/')}` : undefined;
  const ofObject = object
    ? [{ name: visible(object.name), fullyQualifiedName: owner, kind: 'resource' }]
    : [];
  if (location.path === undefined || location.layer !== undefined) return ofObject;
  const path = visible(location.path);
  const fullyQualifiedName = owner === undefined ? path : `${owner}/${path}`;
  return [...ofObject, { name: path, fullyQualifiedName, kind: 'property' }];
}

function invocationOf(record: RunRecord, indexOf: ReadonlyMap<string, number>) {
  return {
    executionSuccessful: record.outcomes.every((outcome) => outcome.fault === null),
    startTimeUtc: record.startedAt,
    endTimeUtc: instantAfter(record.startedAt, record.durationMs),
    toolExecutionNotifications: [
      ...inconclusiveNotifications(record, indexOf),
      ...record.notExamined.map(({ what, why }) => ({
        level: 'note',
        message: { text: message(`not examined: ${what}: ${why}`) },
      })),
    ],
  };
}

function inconclusiveNotifications(record: RunRecord, indexOf: ReadonlyMap<string, number>) {
  return record.outcomes
    .filter((outcome) => outcome.outcome === 'inconclusive')
    .map(({ check, target, fault }) => ({
      ...(fault === null ? {} : { descriptor: { id: fault.code } }),
      associatedRule: { id: check, index: indexOf.get(check) },
      level: fault === null ? 'warning' : 'error',
      message: {
        text: message(
          fault === null
            ? `${target}: part of it was not examined`
            : `${target}: ${fault.message} (${fault.hint})`,
        ),
      },
    }));
}

/** Section 3.11.6: `[text](target)` is a link even in plain text, so data must not form one. */
function message(text: string): string {
  return text.replaceAll('](', '\\](');
}
