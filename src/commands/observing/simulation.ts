import type { Observed } from '../../checklist/targets/loaded.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { simulationParts } from '../../simulate/record.ts';
import type { SimulateContext } from '../../simulate/request.ts';
import { simulate } from '../../simulate/simulate.ts';
import type { CommandContext } from '../base.ts';
import { requestOf } from '../simulate-target.ts';
import { keepTarget } from './keep-target.ts';
import { clusterConfigured, noCluster, type ObserverFlags } from './observers.ts';

/** The rules of the item judge it later. */
const notJudged = {
  outcomes: [],
  findings: [],
  notExamined: [],
  skipped: 0,
  notMeant: [],
} as const;

/** Deploys the release into a temporary namespace. */
export async function observeSimulation(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  if (!clusterConfigured(context, flags)) return noCluster;
  const { request } = await requestOf(context, { ...flags, paths: [], 'diff-only': false });
  const use: SimulateContext = {
    signal: context.signal,
    clock: context.adapters.clock,
    scope: context.scope,
    redact: context.redact,
    evidence,
    onEvent: () => undefined,
  };
  const seen = await simulate(request, use);
  const { steps, measurements, notExamined } = simulationParts(seen, notJudged);
  const loaded = [await keepTarget(context, evidence, 'simulation.json', seen)];
  for (const container of seen.containers) {
    // The evidence of the simulation has them too.
    const { kind, source } = container;
    loaded.push({ kind, source, target: container });
  }
  return { loaded, steps, measurements, notExamined };
}
