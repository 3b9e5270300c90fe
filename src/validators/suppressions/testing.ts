import type { Config } from '../../config/load.ts';
import { type CheckRun, runChecks } from '../../core/engine.ts';
import type { Target } from '../../core/target.ts';
import { checks } from '../registry.ts';
import { ruleSettings } from '../settings.ts';
import { type Applied, applySuppressions, withReport } from './apply.ts';
import { suppressionRule } from './problems.ts';
import { noSources, type Sources } from './sources.ts';

export interface Outcome {
  /** `rule path by` of what was set aside, in order. */
  readonly suppressed: readonly string[];
  /** `rule path` of what is left, without what is said of suppressions. */
  readonly left: readonly string[];
  /** `messageId line:column message` of what is said of suppressions. */
  readonly said: readonly string[];
  readonly reasons: readonly string[];
  readonly run: CheckRun;
}

export interface Options {
  readonly sources?: Partial<Sources>;
  readonly rules?: Partial<Config['rules']>;
  readonly now?: string;
  readonly checklist?: boolean;
  /** Ids of the rules that are run beside that of suppressions; all but those of the API server when not given. */
  readonly only?: readonly string[];
}

/** Runs rules on a target as a command does, with what suppresses. */
export async function examine(target: Target, options: Options = {}): Promise<Outcome> {
  const now = new Date(options.now ?? '2026-06-30T12:00:00Z');
  const settings = ruleSettings({ preset: 'default', ...options.rules }, checks);
  const { only } = options;
  const run = await runChecks({
    checks: checks.filter(
      ({ id }) => id === suppressionRule || (only?.includes(id) ?? id !== 'manifest/server-rules'),
    ),
    targets: [target],
    signal: new AbortController().signal,
    clock: { now: () => now, monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('these rules leave no evidence')) },
    settings,
  });
  const judging = {
    ...{ sources: { ...noSources, ...options.sources }, rules: checks, settings, now },
    checklist: options.checklist ?? false,
  };
  const applied: Applied = applySuppressions(run, [target], judging);
  const whole = withReport(applied.run, [applied], judging);
  const isOwn = ({ check }: { readonly check: string }) => check === suppressionRule;
  const { suppressed = [], findings } = whole;
  return {
    suppressed: suppressed.map(
      ({ finding, by }) => `${finding.check} ${finding.location.path ?? ''} ${by}`,
    ),
    left: findings
      .filter((finding) => !isOwn(finding))
      .map(({ check, location }) => `${check} ${location.path ?? ''}`),
    said: findings
      .filter(isOwn)
      .map(
        ({ messageId, message, location: { line, column } }) =>
          `${messageId} ${line}:${column} ${message}`,
      ),
    reasons: suppressed.map(({ reason }) => reason),
    run: whole,
  };
}
