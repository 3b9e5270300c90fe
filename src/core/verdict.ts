import type { Outcome } from './engine.ts';
import { type ExitCode, gravest } from './exit.ts';
import { faultCodes } from './fault-codes.ts';
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
  return outcome.fault.code === 'internal' ? 70 : faultCodes[outcome.fault.code].exit;
}

/**
 * The evidence gate over the items: no-go while a critical item failed, broke or went stale, pending
 * while one waits, go when every critical one is pass, waived or allowed not-applicable.
 * `require: 'evidence'` leaves out what only a person can give.
 */
export function gateOfItems(
  items: readonly ItemRecord[],
  require: 'evidence' | 'signoff',
): EvidenceGate {
  const critical = items.filter((item) => item.critical);
  if (critical.some((item) => ['fail', 'error', 'stale'].includes(item.status))) return 'no-go';
  const waits = critical.some(
    (item) => item.status === 'pending' && !(require === 'evidence' && item.pendingOn === 'person'),
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

/** The verdict of a checklist from its two gates; a no-go outranks a stale one, that a pending one. */
export function verdictOfGates(
  gates: RunRecord['gates'],
  require: 'evidence' | 'signoff',
): Verdict {
  if (gates.evidence === 'no-go') return 'no-go';
  const signoff = require === 'evidence' ? 'go' : signoffVerdict[gates.signoff];
  if (signoff !== 'go' && signoff !== 'pending') return signoff;
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
