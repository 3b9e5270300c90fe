import type { Observed } from '../../checklist/targets/loaded.ts';
import { parseDuration } from '../../config/duration.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { keptPlans, proofsOf } from '../../rollback/memory.ts';
import { prepareRollback } from '../../rollback/prepare.ts';
import { rollbackMeasurements } from '../../rollback/record.ts';
import { standingOf } from '../../rollback/release.ts';
import type { CommandContext } from '../base.ts';
import { targetOf } from '../rollback-target.ts';
import { keepTarget } from './keep-target.ts';
import { clusterConfigured, noCluster, type ObserverFlags } from './observers.ts';

/**
 * Plans the way back: to what runs now while the release is about to come, to what ran before once it is
 * there. Changes nothing.
 */
export async function observeWayBack(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  if (!clusterConfigured(context, flags)) return noCluster;
  const { config, adapters, signal, home } = context;
  const target = await targetOf(context, {
    ...{ env: flags.env, format: 'text', workloads: [], 'dry-run': true },
    ...{ 'keep-schema': false, 'delete-stuck': false },
  });
  const { kube, namespace, described } = target;
  const { present, running } = await standingOf(kube, described, namespace, signal);
  if (present.length === 0) {
    return `nothing of the release runs in ${namespace} yet, so there is no version to go back to`;
  }
  const { plan } = await prepareRollback(
    {
      ...target,
      workloads: present,
      release: running ? null : present,
      ...{ root: config.root, from: undefined, toRevision: undefined },
      ...{ keepSchema: false, deleteStuck: false, settleSeconds: 10, patienceSeconds: 0 },
      limitSeconds: (parseDuration(config.value.sla.rollback) ?? 0) / 1000,
      proofs: proofsOf(await keptPlans(home), target.kube.target.server),
    },
    {
      kube: target.kube,
      processes: await adapters.processes(),
      registry: (dockerConfigs) => adapters.registry({ dockerConfigs }),
      database: target.database,
      clock: adapters.clock,
      signal,
      say: () => undefined,
      warn: () => undefined,
    },
  );
  return {
    loaded: [await keepTarget(context, evidence, 'rollback-plan.json', plan)],
    steps: [],
    notExamined: [],
    measurements: rollbackMeasurements(plan),
  };
}
