import { faultRecord } from './fault.ts';
import type { RunRecord } from './record.ts';

/** The record of a run that could not look at all, so that machines get a valid document then, too. */
export function faultRun(
  error: unknown,
  run: {
    readonly command: string;
    readonly toolVersion: string;
    readonly startedAt: Date;
    readonly durationMs: number;
  },
): RunRecord {
  return {
    schemaVersion: 1,
    tool: { name: 'deploycheck', version: run.toolVersion },
    command: run.command,
    startedAt: run.startedAt.toISOString(),
    durationMs: run.durationMs,
    verdict: 'fault',
    gates: { evidence: 'pending', signoff: 'not-required' },
    inputs: [],
    summary: {
      checks: 1,
      pass: 0,
      findings: { error: 0, warning: 0, info: 0 },
      inconclusive: 1,
      skipped: 0,
    },
    findings: [],
    outcomes: [
      {
        check: 'deploycheck/run',
        target: run.command,
        outcome: 'inconclusive',
        durationMs: run.durationMs,
        fault: faultRecord(error),
      },
    ],
    items: [],
    steps: [],
    measurements: [],
    series: [],
    notExamined: [],
    waivers: [],
    signoffs: [],
    data: {},
  };
}
