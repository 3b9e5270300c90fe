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
import type { RunRecord } from '../core/record.ts';
import { summarize } from '../core/summary.ts';
import type { Target } from '../core/target.ts';
import { exitOfChecks, verdictOfExit } from '../core/verdict.ts';

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
  const verdict = verdictOfExit(exitOfChecks(run.findings, run.outcomes, request.failOn));
  return {
    schemaVersion: 1,
    tool: { name: 'deploycheck', version: request.toolVersion },
    command: request.command,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(context.clock.monotonic() - began),
    verdict,
    gates: {
      evidence: verdict === 'go' || verdict === 'no-go' ? verdict : 'pending',
      signoff: 'not-required',
    },
    inputs: request.targets.map(({ kind, digest, source }) => {
      return { kind, digest, source, listing: null };
    }),
    summary: summarize(run),
    findings: run.findings,
    outcomes: run.outcomes,
    items: [],
    steps: [],
    measurements: [],
    series: [],
    notExamined: run.notExamined,
    waivers: [],
    signoffs: [],
    data: {},
  };
}
