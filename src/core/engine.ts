import type { Check, CheckContext } from './check.ts';
import type { Clock } from './clock.ts';
import type { EvidenceSink } from './evidence.ts';
import { type Fault, type FaultRecord, faultRecord } from './fault.ts';
import { type Draft, type Finding, fillTemplate, fingerprintOf, type Severity } from './finding.ts';
import type { SuppressedFinding } from './suppress.ts';
import type { Target } from './target.ts';

export interface Outcome {
  readonly check: string;
  readonly target: string;
  readonly outcome: 'pass' | 'findings' | 'inconclusive';
  /** Milliseconds, wall. */
  readonly durationMs: number;
  readonly fault: FaultRecord | null;
}

export interface NotExamined {
  readonly what: string;
  readonly why: string;
}

export interface CheckRun {
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  readonly notExamined: readonly NotExamined[];
  /** Pairs of check and target that configuration switched off, or that are not meant for each other. */
  readonly skipped: number;
  /** Why checks said that they are not meant for a target. */
  readonly notMeant: readonly NotExamined[];
  /** What is not among `findings` any more; the engine itself suppresses nothing. */
  readonly suppressed?: readonly SuppressedFinding[];
}

export type EngineEvent =
  | { readonly type: 'check-started'; readonly check: string; readonly target: string }
  | { readonly type: 'check-ended'; readonly outcome: Outcome };

/** What configuration changes about one rule. */
export interface RuleSettings {
  readonly disabled?: boolean;
  /** The rule is one to opt in, and nobody did: it is not run, and not counted as switched off. */
  readonly notChosen?: boolean;
  readonly severity?: Severity;
  /** Of single messages, where nothing is said of the whole rule. */
  readonly severities?: Readonly<Record<string, Severity>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface EngineInput {
  readonly checks: readonly Check[];
  readonly targets: readonly Target[];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly evidence: EvidenceSink;
  readonly settings?: Readonly<Record<string, RuleSettings>>;
  readonly onEvent?: (event: EngineEvent) => void;
}

/**
 * Runs every check on every target it applies to, all at once, and settles all of them: a check that
 * throws becomes inconclusive with its fault and the others go on. Outcomes and findings come in the
 * order of the inputs, whatever ended first. Rejects only with the signal's reason.
 */
export async function runChecks(input: EngineInput): Promise<CheckRun> {
  input.signal.throwIfAborted();
  const chosen = input.checks.filter((check) => !input.settings?.[check.id]?.notChosen);
  const pairs = chosen.flatMap((check) =>
    input.targets
      .filter((target) => target.kind === check.appliesTo)
      .map((target) => ({ check, target })),
  );
  const enabled = pairs.filter(({ check }) => !input.settings?.[check.id]?.disabled);
  const results = await Promise.all(enabled.map((pair) => runOne(pair.check, pair.target, input)));
  input.signal.throwIfAborted();
  return {
    outcomes: results.flatMap(({ outcome, notMeant }) => (notMeant ? [] : [outcome])),
    findings: distinctFingerprints(results.flatMap((result) => result.findings)),
    notExamined: results.flatMap((result) => result.notExamined),
    skipped: pairs.length - enabled.length + results.filter(({ notMeant }) => notMeant).length,
    notMeant: distinct(results.flatMap(({ notMeant }) => (notMeant ? [notMeant] : []))),
  };
}

/** Of many targets each says the same. */
const distinct = (all: readonly NotExamined[]): NotExamined[] => [
  ...new Map(all.map((one) => [`${one.what}\0${one.why}`, one])).values(),
];

interface OneResult {
  /** Counts for nothing where the check is not meant for the target. */
  readonly outcome: Outcome;
  readonly notMeant?: NotExamined | undefined;
  readonly findings: readonly Finding[];
  readonly notExamined: readonly NotExamined[];
}

async function runOne(check: Check, target: Target, input: EngineInput): Promise<OneResult> {
  // Rules are often synchronous; yielding first lets signals and progress through between them.
  await new Promise((resolve) => setImmediate(resolve));
  input.signal.throwIfAborted();
  input.onEvent?.({ type: 'check-started', check: check.id, target: target.name });

  const settings = input.settings?.[check.id];
  const notExamined: NotExamined[] = [];
  let notMeant: NotExamined | undefined;
  const context: CheckContext<Target> = {
    target,
    signal: input.signal,
    clock: input.clock,
    evidence: input.evidence,
    options: settings?.options ?? {},
    notExamined: (what, why) => notExamined.push({ what, why }),
    skip: (why) => {
      notMeant = { what: check.id, why };
    },
  };

  const began = input.clock.monotonic();
  let findings: readonly Finding[] = [];
  let fault: FaultRecord | null = null;
  try {
    const drafts = await check.run(context);
    findings = drafts.map((draft) => {
      const severity = settings?.severity ?? settings?.severities?.[draft.messageId];
      return findingOf(check, draft, severity, target);
    });
  } catch (error) {
    input.signal.throwIfAborted();
    fault = faultRecord(error);
  }
  const outcome: Outcome = {
    check: check.id,
    target: target.name,
    outcome: outcomeOf(findings, fault, notExamined),
    durationMs: Math.round(input.clock.monotonic() - began),
    fault,
  };
  input.onEvent?.({ type: 'check-ended', outcome });
  return { outcome, notMeant, findings, notExamined };
}

function outcomeOf(
  findings: readonly Finding[],
  fault: FaultRecord | null,
  notExamined: readonly NotExamined[],
): Outcome['outcome'] {
  // A finding may be below the threshold or suppressed, and what was not looked at stays open all the same.
  if (fault || notExamined.length > 0) return 'inconclusive';
  return findings.length > 0 ? 'findings' : 'pass';
}

/** What a rule says, with what all findings of the rule share. */
export function findingOf(
  check: Pick<Check, 'id' | 'meta' | 'severity'>,
  draft: Draft,
  override: Severity | undefined,
  target?: Pick<Target, 'name' | 'identity'>,
): Finding {
  const template = check.meta.messages[draft.messageId];
  if (template === undefined) throw new Error(`${check.id} has no message '${draft.messageId}'`);
  return {
    check: check.id,
    messageId: draft.messageId,
    severity: override ?? draft.severity ?? check.severity,
    message: fillTemplate(template, draft.data),
    location: draft.location,
    object: draft.object ?? null,
    evidence: draft.evidence ?? [],
    remediation: check.meta.remediation,
    ...(draft.fix && { fix: draft.fix }),
    fingerprint: fingerprintOf(check.id, identified(draft, target)),
    waivedBy: null,
  };
}

/** What is in an image is the same whatever the image was called on the command line. */
function identified(draft: Draft, target: Pick<Target, 'name' | 'identity'> | undefined): Draft {
  const own = target?.identity;
  if (own === undefined) return draft;
  const named = (text: string) => (text === target?.name ? own : text);
  const { identity, location } = draft;
  return {
    ...draft,
    location: { ...location, ...(location.file !== undefined && { file: named(location.file) }) },
    ...(identity !== undefined && { identity: identity.split('\0').map(named).join('\0') }),
  };
}

/** Two findings of the same identity stay apart by their order: the second gets the suffix `-2`. */
export function distinctFingerprints(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const count = (seen.get(finding.fingerprint) ?? 0) + 1;
    seen.set(finding.fingerprint, count);
    return count === 1 ? finding : { ...finding, fingerprint: `${finding.fingerprint}-${count}` };
  });
}

/** A target that could not be loaded, so that no check could look at it. */
export interface Unloaded {
  readonly target: string;
  readonly fault: Fault;
}

export function outcomeOfUnloaded({ target, fault }: Unloaded): Outcome {
  return {
    check: 'deploycheck/load',
    target,
    outcome: 'inconclusive',
    durationMs: 0,
    fault: faultRecord(fault),
  };
}
