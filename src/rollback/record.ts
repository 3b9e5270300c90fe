import type { CheckRun } from '../core/engine.ts';
import type { RunRecord } from '../core/record.ts';
import { summarize } from '../core/summary.ts';
import { exitOfChecks, verdictOfExit } from '../core/verdict.ts';
import type { RollbackPlan } from './observation.ts';

export interface RecordOf {
  readonly plan: RollbackPlan;
  readonly run: CheckRun;
  readonly command: string;
  readonly toolVersion: string;
  readonly startedAt: Date;
  readonly durationMs: number;
}

export function rollbackRecord(made: RecordOf): RunRecord {
  const { plan, run } = made;
  const verdict = verdictOfExit(exitOfChecks(run.findings, run.outcomes, 'error'));
  return {
    schemaVersion: 1,
    tool: { name: 'deploycheck', version: made.toolVersion },
    command: made.command,
    startedAt: made.startedAt.toISOString(),
    durationMs: made.durationMs,
    verdict,
    gates: {
      evidence: verdict === 'go' || verdict === 'no-go' ? verdict : 'pending',
      signoff: 'not-required',
    },
    inputs: [{ kind: plan.kind, digest: plan.digest, source: plan.source, listing: null }],
    summary: summarize(run),
    findings: run.findings,
    outcomes: run.outcomes,
    items: [],
    steps: (plan.executions ?? []).map(({ kind, name, outcome, seconds }) => ({
      name: `roll back ${kind.toLowerCase()}/${name}`,
      status: outcome,
      durationMs: Math.round(seconds * 1000),
    })),
    measurements: rollbackMeasurements(plan),
    series: [],
    notExamined: run.notExamined,
    waivers: [],
    signoffs: [],
    data: { rollback: plan },
  };
}

/** The whole first, then what it consists of; seconds. */
export function rollbackMeasurements({
  estimate,
  limitSeconds: limit,
  executions,
}: RollbackPlan): RunRecord['measurements'] {
  const unit = 's';
  if (executions) {
    const value = executions.reduce((sum, { seconds }) => sum + seconds, 0);
    return [
      { name: 'rollback.time', value, unit, limit, low: value, high: value, source: 'measured' },
    ];
  }
  const { value, low, high, source, terms } = estimate;
  return [
    { name: 'rollback.time', value, unit, limit, low, high, source },
    ...terms.map((term) => ({
      name: `rollback.time: ${term.name}`,
      value: term.value,
      unit,
      limit: null,
      low: term.low,
      high: term.high,
      source: term.source,
    })),
  ];
}
