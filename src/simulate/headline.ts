import type { RunRecord } from '../core/record.ts';
import { objectText } from './object-id.ts';
import type { Simulation } from './observation.ts';

/** One line that says how it went and, when it did not go well, the first cause. */
export function headline(record: RunRecord, simulation: Simulation): string {
  const errors = record.findings.filter(({ severity }) => severity === 'error');
  // What is not healthy behaves wrongly too, so that is named before how it behaves.
  const behaves = (check: string) =>
    simulation.behaviour.some(({ behaviour }) => check === `simulation/${behaviour}`);
  const gravest = errors.find(({ check }) => !behaves(check)) ?? errors[0];
  const first = gravest ?? (record.verdict === 'no-go' ? record.findings[0] : undefined);
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return `NO-GO  ${first.message}${more}`;
  }
  const open = record.outcomes.find(({ outcome }) => outcome === 'inconclusive');
  if (open) {
    const [gap] = record.notExamined;
    const why = open.fault?.message ?? (gap ? `${gap.what}: ${gap.why}` : 'not examined');
    return `PENDING  ${why}`;
  }
  return `GO  ${simulation.mode === 'full' ? fullText(simulation) : diffText(simulation)}`;
}

function fullText({ workloads, probes, behaviour, isolation, removal }: Simulation): string {
  const known = workloads.filter(({ state }) => state !== 'unknown');
  const unknown = workloads.filter(({ state }) => state === 'unknown');
  const ready = known.map(({ object, message }) => `${objectText(object)} ${message}`);
  const seconds = Math.max(0, ...known.map(({ readyAfterMs }) => readyAfterMs ?? 0)) / 1000;
  const told = ready.length > 3 ? `${ready.length} workloads ready` : ready.join(', ');
  const open = unknown.map(({ object }) => objectText(object)).join(', ');
  return [
    told === '' ? 'nothing to wait for' : `${told} after ${seconds.toFixed(1)} s`,
    ...(open === '' ? [] : [`${open}: not known whether ready`]),
    ...(probes.length > 0 ? [`${probes.length} health answers as declared`] : []),
    ...(behaviour.length > 0 ? [`${behaviour.length} behaviours as declared`] : []),
    `nothing outside touched (${isolation.compared} objects compared)`,
    ...(removal?.state === 'removed' ? ['sandbox removed'] : []),
  ].join('; ');
}

function diffText({ diff, targetNamespace }: Simulation): string {
  const count = (change: string) => diff.filter((entry) => entry.change === change).length;
  return `in ${targetNamespace.name}: ${count('created')} created, ${count('changed')} changed, ${count('unchanged')} unchanged; nothing was written`;
}

/** The differences, for a person: `~ Deployment/shop` with a line for each field. */
export function diffLines({ diff }: Simulation): string[] {
  const marks = { created: '+', changed: '~', unchanged: '=', unknown: '?' } as const;
  return diff.flatMap(({ object, change, fields }) => [
    `${marks[change]} ${objectText(object)} ${change}`,
    ...fields.flatMap(({ path, before, after }) => [
      ...(before === null ? [] : [`    - ${path}: ${before}`]),
      ...(after === null ? [] : [`    + ${path}: ${after}`]),
    ]),
  ]);
}
