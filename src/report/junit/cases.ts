import type { ItemRecord } from '../../core/record.ts';
import type { Attribution } from '../attribution.ts';
import { fileText, placeDetails, placeText } from '../location-text.ts';
import { countText } from '../quantity-text.ts';
import type { FindingRecord, OutcomeRecord } from '../record-parts.ts';
import { itemStatusText } from '../status-mark.ts';
import { visibleLines } from '../visible.ts';

/** One `<testcase>`; a case without a problem passed. */
export interface Case {
  readonly classname: string;
  readonly name: string;
  readonly durationMs: number;
  readonly problem: Problem | null;
  /** Lines for `<system-out>`. */
  readonly notes: readonly string[];
}

export interface Problem {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly lines: readonly string[];
}

/**
 * An item as a case. Dashboards paint `<skipped>` like a pass, so a critical item that is pending is
 * an `<error>` of type `pending`; only what does not block (not applicable, or pending and not
 * critical) is skipped.
 */
export function itemCase(item: ItemRecord): Case {
  const evidence = item.evidence.map((entry) => `evidence/${entry.name} sha256:${entry.sha256}`);
  const waived = item.waivedBy === null ? [] : [`waived by ${item.waivedBy}: ${item.reason}`];
  return {
    classname: 'deploycheck.checklist',
    name: `${item.n} ${item.id}: ${item.title}`,
    durationMs: item.durationMs,
    problem: itemProblem(item),
    notes: [...waived, ...evidence],
  };
}

const itemElements = {
  pass: null,
  waived: null,
  fail: 'failure',
  error: 'error',
  stale: 'error',
  'not-applicable': 'skipped',
} as const;

function itemProblem(item: ItemRecord): Problem | null {
  const { status, critical, reason } = item;
  const element = status === 'pending' ? (critical ? 'error' : 'skipped') : itemElements[status];
  if (element === null) return null;
  return { element, type: status, message: `${itemStatusText(item)}: ${reason}`, lines: [] };
}

/** A check on a target as a case. */
export function outcomeCase(attribution: Attribution, outcome: OutcomeRecord): Case {
  return findingsCase(attribution, outcome, attribution.findingsOf(outcome));
}

/** Findings whose check has no outcome in the record: they must not vanish from this report. */
export function strayCases(attribution: Attribution): Case[] {
  return attribution.findings
    .filter((finding) => attribution.outcomesOf(finding).length === 0)
    .map((finding) =>
      findingsCase(
        attribution,
        {
          check: finding.check,
          target: placeText(finding),
          outcome: 'findings',
          durationMs: 0,
          fault: null,
        },
        [finding],
      ),
    );
}

function findingsCase(
  attribution: Attribution,
  outcome: OutcomeRecord,
  findings: readonly FindingRecord[],
): Case {
  const failing = findings.filter(isFailure);
  const notes = findings.filter((finding) => !isFailure(finding));
  return {
    classname: `deploycheck.${outcome.check.replaceAll('/', '.')}`,
    name: `${outcome.check} on ${outcome.target}`,
    durationMs: outcome.durationMs,
    problem: outcomeProblem(attribution, outcome, failing),
    notes: notes.map((finding) => findingLine(attribution, finding)),
  };
}

function isFailure(finding: FindingRecord): boolean {
  return finding.severity === 'error' && finding.waivedBy === null;
}

function outcomeProblem(
  attribution: Attribution,
  outcome: OutcomeRecord,
  failing: readonly FindingRecord[],
): Problem | null {
  const [first] = failing;
  if (!first) return outcome.outcome === 'inconclusive' ? inconclusiveProblem(outcome) : null;
  const more =
    failing.length === 1 ? '' : ` (and ${countText(failing.length - 1, 'more', 'more')})`;
  return {
    element: 'failure',
    type: outcome.check,
    message: `${first.message}${more}`,
    lines: [
      ...failing.map((finding) => findingLine(attribution, finding)),
      ...visibleLines(first.remediation).map((line) => `How to mend: ${line}`),
    ],
  };
}

function inconclusiveProblem({ fault }: OutcomeRecord): Problem {
  if (fault === null) {
    const message = 'inconclusive: part of the target was not examined';
    return { element: 'error', type: 'inconclusive', message, lines: [] };
  }
  return {
    element: 'error',
    type: fault.code,
    message: `could not look: ${fault.message}`,
    lines: [...visibleLines(fault.hint), `See ${fault.page}`],
  };
}

function findingLine(attribution: Attribution, finding: FindingRecord): string {
  const place = [fileText(finding) ?? placeText(finding), ...placeDetails(finding)].join(', ');
  const waived = finding.waivedBy === null ? '' : ` (waived by ${finding.waivedBy})`;
  const targets = attribution.outcomesOf(finding).map((outcome) => outcome.target);
  const among = targets.length > 1 ? ` (in one of: ${targets.join(', ')})` : '';
  return `${place}: ${finding.severity}: ${finding.message}${waived}${among}`;
}
