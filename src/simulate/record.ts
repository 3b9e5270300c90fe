import type { CheckRun } from '../core/engine.ts';
import type { Severity } from '../core/finding.ts';
import type { RunRecord } from '../core/record.ts';
import { summarize } from '../core/summary.ts';
import type { Target } from '../core/target.ts';
import { exitOfChecks, verdictOfExit } from '../core/verdict.ts';
import { objectText } from './object-id.ts';
import type { Simulation } from './observation.ts';

export interface RecordOf {
  readonly target: Target;
  readonly run: CheckRun;
  readonly inputs: RunRecord['inputs'];
  readonly command: string;
  readonly toolVersion: string;
  readonly failOn: Severity;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** The record of a command that judges one observation. */
export function recordOf(made: RecordOf, extra: Partial<RunRecord> = {}): RunRecord {
  const { target, run, failOn } = made;
  const verdict = verdictOfExit(exitOfChecks(run.findings, run.outcomes, failOn));
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
    inputs: [
      ...made.inputs,
      { kind: target.kind, digest: target.digest, source: target.source, listing: null },
    ],
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
    ...extra,
  };
}

/** What a simulation adds to a record: its steps, its figures, and what it left out. */
export function simulationParts(simulation: Simulation, run: CheckRun) {
  return {
    steps: simulation.steps,
    measurements: simulationMeasurements(simulation),
    notExamined: [...run.notExamined, ...notSimulated(simulation)],
    data: { simulation: { digest: simulation.digest, sandbox: simulation.sandbox } },
  } satisfies Partial<RunRecord>;
}

/** The signer has to see these; they do not leave the verdict open. */
function notSimulated({
  notSimulated: gaps,
  usage,
  isolation,
}: Simulation): RunRecord['notExamined'] {
  const closed = gaps.filter(({ open }) => !open);
  const { unavailable } = usage;
  return [
    ...closed.map(({ what, why }) => ({ what, why: `not simulated: ${why}` })),
    ...(unavailable === null ? [] : [{ what: 'CPU and memory use', why: unavailable }]),
    ...isolation.notCompared.map(({ what, why }) => {
      return { what, why: `not compared before and after: ${why}` };
    }),
  ];
}

function simulationMeasurements({ workloads, usage }: Simulation): RunRecord['measurements'] {
  const measured = (name: string, value: number, unit: string, limit: number | null = null) => {
    return { name, value, unit, limit, low: null, high: null, source: 'measured' as const };
  };
  return [
    ...workloads.flatMap(({ object, readyAfterMs }) =>
      readyAfterMs === null
        ? []
        : [measured(`simulation.ready ${objectText(object)}`, readyAfterMs / 1000, 's')],
    ),
    ...usage.containers.flatMap(({ pod, container, cpuCores, memoryBytes, memoryLimitBytes }) => [
      measured(`simulation.cpu ${pod} ${container}`, cpuCores, 'cores'),
      measured(`simulation.memory ${pod} ${container}`, memoryBytes, 'B', memoryLimitBytes),
    ]),
  ];
}
