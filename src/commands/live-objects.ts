import { environmentNamed } from '../config/environment.ts';
import { Fault } from '../core/fault.ts';
import { lookUp } from '../validators/manifest/live.ts';
import type { ManifestSet } from '../validators/manifest/load.ts';
import type { CommandContext } from './base.ts';
import { type ClusterFlags, openCluster } from './cluster.ts';

/**
 * Asks the cluster of the environment for the objects that manifests refer to and do not hold. When it
 * cannot be asked the manifests know why.
 * @throws Fault `kubeconfig-invalid`, `usage-invalid`
 */
export async function withLiveObjects(
  context: CommandContext,
  flags: ClusterFlags & { readonly env?: string | undefined },
  manifests: ManifestSet,
): Promise<ManifestSet> {
  const kube = await openCluster(context, flags, environmentNamed(context.config, flags.env));
  try {
    return { ...manifests, live: await lookUp(manifests, kube, context.signal) };
  } catch (error) {
    // What the files alone say is worth having all the same.
    if (!(error instanceof Fault)) throw error;
    return { ...manifests, liveProblem: `not in the manifests, and ${error.message}` };
  }
}
