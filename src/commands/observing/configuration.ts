import { environmentNamed } from '../../config/environment.ts';
import { Fault } from '../../core/fault.ts';
import { lookUpConfiguration } from '../../validators/manifest/live.ts';
import type { ManifestSet } from '../../validators/manifest/load.ts';
import type { CommandContext } from '../base.ts';
import { openCluster } from '../cluster.ts';
import { clusterConfigured, type ObserverFlags } from './observers.ts';

/** Asks the cluster of the environment for configuration that the manifests refer to and do not hold. */
export async function withLiveConfiguration(
  context: CommandContext,
  flags: ObserverFlags,
  manifests: ManifestSet,
): Promise<ManifestSet> {
  if (!clusterConfigured(context, flags)) return manifests;
  try {
    const kube = await openCluster(context, {}, environmentNamed(context.config, flags.env));
    return { ...manifests, live: await lookUpConfiguration(manifests, kube, context.signal) };
  } catch (error) {
    // What the files alone say is worth having all the same.
    if (!(error instanceof Fault)) throw error;
    return { ...manifests, liveProblem: `not in the manifests, and ${error.message}` };
  }
}
