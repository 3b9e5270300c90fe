import type { Check } from '../../core/check.ts';
import type { CheckRun, RuleSettings } from '../../core/engine.ts';
import { type Standing, type Suppressing, suppress } from '../../core/suppress.ts';
import type { Target } from '../../core/target.ts';
import { isSuppressible, suppressionRule } from './problems.ts';
import { reportOn } from './report.ts';
import { type Sources, suppressionsFor } from './sources.ts';

export interface SuppressionContext {
  readonly sources: Sources;
  /** Every rule there is. */
  readonly rules: readonly Check[];
  readonly settings: Readonly<Record<string, RuleSettings>>;
  readonly now: Date;
  /** True where critical rules want a waiver, and where all of the release is looked at. */
  readonly checklist: boolean;
}

/** A run of rules after what is suppressed was set aside. */
export interface Applied {
  readonly run: CheckRun;
  readonly targets: readonly Target[];
  readonly suppressing: Suppressing;
}

/** Sets aside what is suppressed of a run on some targets. */
export function applySuppressions(
  run: CheckRun,
  targets: readonly Target[],
  { sources, rules, now, checklist }: SuppressionContext,
): Applied {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const standing = (id: string): Standing => {
    const rule = byId.get(id);
    if (!rule || !isSuppressible(rule)) return 'never';
    return checklist && rule.critical ? 'critical' : 'holds';
  };
  const suppressing = suppress(run.findings, suppressionsFor(sources, targets), { now, standing });
  const { findings, suppressed } = suppressing;
  return { run: { ...run, findings, suppressed }, targets, suppressing };
}

/** Adds to what was found by all runs what is to be said of the suppressions themselves. */
export function withReport(
  run: CheckRun,
  applied: readonly Applied[],
  context: SuppressionContext,
): CheckRun {
  const rule = context.rules.find(({ id }) => id === suppressionRule);
  const own = context.settings[suppressionRule];
  if (!rule || own?.disabled || own?.notChosen) return run;
  const said = reportOn(rule, run.outcomes, applied, context);
  if (said.length === 0) return run;
  const known = run.outcomes.some(({ check }) => check === suppressionRule);
  const outcomes = run.outcomes.map((one) =>
    one.check === suppressionRule && one.outcome === 'pass'
      ? { ...one, outcome: 'findings' as const }
      : one,
  );
  const added = { check: suppressionRule, target: 'suppressions', durationMs: 0, fault: null };
  return {
    ...run,
    findings: [...run.findings, ...said],
    outcomes: known ? outcomes : [...outcomes, { ...added, outcome: 'findings' }],
  };
}
