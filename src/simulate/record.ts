import type { CheckRun } from '../core/engine.ts';
import { measured } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';
import { objectText } from './object-id.ts';
import type { Simulation } from './observation.ts';

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
  workloads,
}: Simulation): RunRecord['notExamined'] {
  const closed = gaps.filter(({ open }) => !open);
  const { unavailable } = usage;
  return [
    ...closed.map(({ what, why }) => ({ what, why: `not simulated: ${why}` })),
    ...workloads
      .filter(({ state }) => state === 'unknown')
      .map(({ object, message }) => ({ what: `readiness of ${objectText(object)}`, why: message })),
    ...(unavailable === null ? [] : [{ what: 'CPU and memory use', why: unavailable }]),
    ...isolation.notCompared.map(({ what, why }) => {
      return { what, why: `not compared before and after: ${why}` };
    }),
  ];
}

function simulationMeasurements({ workloads, usage }: Simulation): RunRecord['measurements'] {
  return [
    ...workloads.flatMap(({ object, readyAfterMs }) =>
      readyAfterMs === null
        ? []
        : [measured(`simulation.ready ${objectText(object)}`, readyAfterMs / 1000, 's')],
    ),
    ...usage.containers.flatMap(({ pod, container, throttledShare, ...used }) => [
      ...(throttledShare === null
        ? []
        : [measured(`simulation.throttled ${pod} ${container}`, throttledShare, 'share')]),
      measured(`simulation.cpu ${pod} ${container}`, used.cpuCores, 'cores'),
      measured(
        `simulation.memory ${pod} ${container}`,
        used.memoryBytes,
        'B',
        used.memoryLimitBytes,
      ),
    ]),
  ];
}
