import type { Kube } from '../adapters/kube/kube.ts';
import type { Environment } from '../config/environment.ts';
import type { CommandContext } from './base.ts';

export interface ClusterFlags {
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
}

/**
 * The cluster a command works on: flags first, then the environment, then what the kubeconfig says.
 * It is closed when the command ends.
 * @throws Fault `kubeconfig-invalid`
 */
export async function openCluster(
  { adapters, scope, signal }: CommandContext,
  flags: ClusterFlags,
  environment: Pick<Environment, 'context' | 'namespace'> | undefined,
): Promise<Kube> {
  const { kubeconfig } = flags;
  const context = flags.context ?? environment?.context;
  const namespace = flags.namespace ?? environment?.namespace;
  const kube = await adapters.kube(
    {
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      ...(namespace !== undefined && { namespace }),
    },
    signal,
  );
  await scope.defer('connections to the cluster', () => kube.close());
  return kube;
}
