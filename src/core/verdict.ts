import type { Outcome } from './engine.ts';
import { type ExitCode, gravest } from './exit.ts';
import { exitOfFault } from './fault.ts';
import { atLeast, type Finding, type Severity } from './finding.ts';
import type { ItemRecord, RunRecord } from './record.ts';

export type Verdict = RunRecord['verdict'];
export type EvidenceGate = RunRecord['gates']['evidence'];
export type SignoffGate = RunRecord['gates']['signoff'];

/** Exit code of findings and outcomes alone, as the `validate` commands use it. */
export function exitOfChecks(
  findings: readonly Finding[],
  outcomes: readonly Outcome[],
  failOn: Severity,
): ExitCode {
  const codes: ExitCode[] = outcomes.map(exitOfOutcome);
  if (findings.some((finding) => !finding.waivedBy && atLeast(finding.severity, failOn))) {
    codes.push(1);
  }
  return gravest(codes);
}

function exitOfOutcome(outcome: Outcome): ExitCode {
  if (outcome.outcome !== 'inconclusive') return 0;
  if (outcome.fault === null) return 3;
  return exitOfFault(outcome.fault.code);
}

/**
 * The evidence gate over the items: no-go while a critical item failed or went stale, pending while
 * one waits or broke, go when every critical one is pass, waived or allowed not-applicable.
 * `require: 'evidence'` leaves out what only a person can give.
 */
export function gateOfItems(
  items: readonly ItemRecord[],
  require: 'evidence' | 'signoff',
): EvidenceGate {
  const critical = items.filter((item) => item.critical);
  if (critical.length === 0) return 'pending';
  if (critical.some((item) => item.status === 'fail' || item.status === 'stale')) return 'no-go';
  const waits = critical.some(
    (item) =>
      item.status === 'error' ||
      (item.status === 'pending' && !(require === 'evidence' && item.pendingOn === 'person')),
  );
  return waits ? 'pending' : 'go';
}

const signoffVerdict = {
  approved: 'go',
  'not-required': 'go',
  rejected: 'no-go',
  held: 'pending',
  waiting: 'pending',
  stale: 'stale',
  expired: 'stale',
  invalid: 'stale',
} as const satisfies Record<SignoffGate, Verdict>;

/**
 * The verdict of a checklist. Gravest first: a no-go, a sign-off that no longer holds, a critical item
 * that could not be looked at, something still pending.
 */
export function verdictOfGates(
  gates: RunRecord['gates'],
  items: readonly ItemRecord[],
  require: 'evidence' | 'signoff',
): Verdict {
  if (gates.evidence === 'no-go') return 'no-go';
  const signoff = require === 'evidence' ? 'go' : signoffVerdict[gates.signoff];
  if (signoff === 'no-go' || signoff === 'stale') return signoff;
  if (items.some((item) => item.critical && item.status === 'error')) return 'fault';
  return gates.evidence === 'pending' ? 'pending' : signoff;
}

const exitOfVerdicts = {
  go: 0,
  'no-go': 1,
  pending: 3,
  stale: 4,
  fault: 5,
} as const satisfies Record<Verdict, ExitCode>;

export function exitOfVerdict(verdict: Verdict): ExitCode {
  return exitOfVerdicts[verdict];
}

/** The verdict word for an exit code of {@link exitOfChecks}. */
export function verdictOfExit(exit: ExitCode): Verdict {
  if (exit === 0) return 'go';
  if (exit === 1) return 'no-go';
  if (exit === 3) return 'pending';
  return exit === 4 ? 'stale' : 'fault';
}
