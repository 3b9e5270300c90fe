import type { Check } from '../core/check.ts';
import type { Clock } from '../core/clock.ts';
import {
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

export interface ValidateRequest {
  readonly command: string;
  readonly toolVersion: string;
  readonly failOn: Severity;
  readonly targets: readonly Target[];
  /** Targets that could not be loaded beside others that could. */
  readonly unloaded?: readonly Unloaded[];
  readonly checks: readonly Check[];
  readonly settings: Readonly<Record<string, RuleSettings>>;
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
  const examined = await runChecks({ ...request, ...context });
  const unloaded = (request.unloaded ?? []).map(outcomeOfUnloaded);
  const run = { ...examined, outcomes: [...examined.outcomes, ...unloaded] };
  const durationMs = Math.round(context.clock.monotonic() - began);
  return judgedRecord({ ...request, startedAt, durationMs, run });
}
