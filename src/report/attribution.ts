import type { RunRecord } from '../core/record.ts';
import { groupBy } from './group.ts';
import { byLocation } from './order.ts';
import type { FindingRecord, OutcomeRecord } from './record-parts.ts';

/** Which outcome each finding came from, as far as a record tells. */
export interface Attribution {
  /** By location. */
  readonly findings: readonly FindingRecord[];
  outcomesOf(finding: FindingRecord): readonly OutcomeRecord[];
  /** By location. */
  findingsOf(outcome: OutcomeRecord): readonly FindingRecord[];
}

/**
 * A record names the check of a finding and not its target, so two targets of one check can both be
 * meant unless the file says which. Then all of them are named: naming none would let a target that
 * failed look clean.
 */
export function attribute(record: RunRecord): Attribution {
  // A check that looked at a part of its target may have found something in it; one that broke found nothing.
  const withFindings = record.outcomes.filter(
    ({ outcome, fault }) => outcome !== 'pass' && fault === null,
  );
  const byCheck = new Map(groupBy(withFindings, ({ check }) => check));
  const findings = byLocation(record.findings);
  const outcomes = new Map(
    findings.map((finding) => [finding, meant(finding, byCheck.get(finding.check) ?? [])]),
  );
  const inverse = new Map<OutcomeRecord, FindingRecord[]>();
  for (const [finding, owners] of outcomes) {
    for (const owner of owners) {
      const owned = inverse.get(owner);
      if (owned) owned.push(finding);
      else inverse.set(owner, [finding]);
    }
  }
  return {
    findings,
    outcomesOf: (finding) => outcomes.get(finding) ?? [],
    findingsOf: (outcome) => inverse.get(outcome) ?? [],
  };
}

function meant(
  { location: { file } }: FindingRecord,
  candidates: readonly OutcomeRecord[],
): readonly OutcomeRecord[] {
  if (candidates.length < 2 || file === undefined) return candidates;
  const byFile = candidates.filter(({ target }) => isOrHolds(target, file));
  return byFile.length === 0 ? candidates : byFile;
}

function isOrHolds(target: string, file: string): boolean {
  return file === target || file.startsWith(target.endsWith('/') ? target : `${target}/`);
}

/** Where the target of a finding was read from, as exactly as the record tells. */
export function sourceOf(
  record: RunRecord,
  attribution: Attribution,
  finding: FindingRecord,
): string | undefined {
  const targets = attribution.outcomesOf(finding).map((outcome) => outcome.target);
  const named = record.inputs.find((input) => targets.includes(input.source));
  if (named) return named.source;
  const kind = finding.location.layer === undefined ? 'manifestSet' : 'image';
  const ofKind = record.inputs.filter((input) => input.kind === kind);
  return (ofKind.length === 1 ? ofKind[0]?.source : undefined) ?? targets[0] ?? ofKind[0]?.source;
}
