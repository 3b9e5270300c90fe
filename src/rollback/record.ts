import { type Judged, judgedRecord } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';
import type { RollbackPlan } from './observation.ts';

export interface RecordOf extends Omit<Judged, 'targets' | 'failOn'> {
  readonly plan: RollbackPlan;
}

export function rollbackRecord({ plan, ...made }: RecordOf): RunRecord {
  return {
    ...judgedRecord({ ...made, targets: [plan], failOn: 'error' }),
    steps: (plan.executions ?? []).map(({ kind, name, outcome, seconds }) => ({
      name: `roll back ${kind.toLowerCase()}/${name}`,
      status: outcome,
      durationMs: Math.round(seconds * 1000),
    })),
    measurements: rollbackMeasurements(plan),
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
