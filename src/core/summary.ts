import type { CheckRun } from './engine.ts';
import type { Severity } from './finding.ts';
import type { RunRecord } from './record.ts';

/** Counts over a check run; waived findings still count, since they are still there. */
export function summarize(run: CheckRun): RunRecord['summary'] {
  const outcome = (kind: string) => run.outcomes.filter((entry) => entry.outcome === kind).length;
  const severity = (kind: Severity) =>
    run.findings.filter((finding) => finding.severity === kind).length;
  return {
    checks: run.outcomes.length,
    pass: outcome('pass'),
    findings: {
      error: severity('error'),
      warning: severity('warning'),
      info: severity('info'),
    },
    inconclusive: outcome('inconclusive'),
    skipped: run.skipped,
  };
}
