import type { Check } from '../core/check.ts';
import type { Clock } from '../core/clock.ts';
import {
  type CheckRun,
  type EngineEvent,
  outcomeOfUnloaded,
  type RuleSettings,
  runChecks,
  type Unloaded,
} from '../core/engine.ts';
import type { EvidenceSink } from '../core/evidence.ts';
import type { Severity } from '../core/finding.ts';
import { judgedRecord } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';
import type { Target } from '../core/target.ts';
import { applySuppressions, type SuppressionContext, withReport } from './suppressions/apply.ts';
import type { Sources } from './suppressions/sources.ts';

export interface ValidateRequest {
  readonly command: string;
  readonly toolVersion: string;
  readonly failOn: Severity;
  readonly targets: readonly Target[];
  /** Targets that could not be loaded beside others that could. */
  readonly unloaded?: readonly Unloaded[];
  readonly checks: readonly Check[];
  readonly settings: Readonly<Record<string, RuleSettings>>;
  /** What suppresses findings, and every rule there is; without it nothing does. */
  readonly suppressions?: { readonly sources: Sources; readonly rules: readonly Check[] };
}

export interface ValidateContext {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly evidence: EvidenceSink;
  readonly onEvent: (event: EngineEvent) => void;
}

/** Runs the rules that apply to the targets and writes down what came of it. */
export async function validate(
  request: ValidateRequest,
  context: ValidateContext,
): Promise<RunRecord> {
  const startedAt = context.clock.now();
  const began = context.clock.monotonic();
  const examined = await examine(request, context, startedAt);
  const unloaded = (request.unloaded ?? []).map(outcomeOfUnloaded);
  const run = { ...examined, outcomes: [...examined.outcomes, ...unloaded] };
  const durationMs = Math.round(context.clock.monotonic() - began);
  return judgedRecord({ ...request, startedAt, durationMs, run });
}

async function examine(
  request: ValidateRequest,
  context: ValidateContext,
  now: Date,
): Promise<CheckRun> {
  const run = await runChecks({ ...request, ...context });
  const { suppressions, settings, targets } = request;
  if (!suppressions) return run;
  const judging: SuppressionContext = { ...suppressions, settings, now, checklist: false };
  const applied = applySuppressions(run, targets, judging);
  return withReport(applied.run, [applied], judging);
}
