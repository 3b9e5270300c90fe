import type { CheckRun } from './engine.ts';
import type { Severity } from './finding.ts';
import type { RunRecord } from './record.ts';
import { summarize } from './summary.ts';
import type { Target } from './target.ts';
import { exitOfChecks, verdictOfExit } from './verdict.ts';

export interface Judged {
  readonly command: string;
  readonly toolVersion: string;
  readonly startedAt: Date;
  /** Milliseconds, wall. */
  readonly durationMs: number;
  readonly targets: readonly Target[];
  readonly run: CheckRun;
  readonly failOn: Severity;
}

/** The record of rules run on targets, without items and sign-off. */
export function judgedRecord(judged: Judged): RunRecord {
  const { run } = judged;
  const verdict = verdictOfExit(exitOfChecks(run.findings, run.outcomes, judged.failOn));
  return {
    schemaVersion: 1,
    tool: { name: 'deploycheck', version: judged.toolVersion },
    command: judged.command,
    startedAt: judged.startedAt.toISOString(),
    durationMs: judged.durationMs,
    verdict,
    gates: {
      evidence: verdict === 'go' || verdict === 'no-go' ? verdict : 'pending',
      signoff: 'not-required',
    },
    inputs: judged.targets.map(({ kind, digest, source }) => {
      return { kind, digest, source, listing: null };
    }),
    summary: summarize(run),
    findings: run.findings,
    suppressed: run.suppressed ?? [],
    outcomes: run.outcomes,
    items: [],
    steps: [],
    measurements: [],
    series: [],
    notExamined: [...run.notExamined, ...run.notMeant],
    waivers: [],
    signoffs: [],
    data: {},
  };
}

/** A figure that was measured in this run. */
export function measured(
  name: string,
  value: number,
  unit: string,
  limit: number | null = null,
): RunRecord['measurements'][number] {
  return { name, value, unit, limit, low: null, high: null, source: 'measured' };
}
