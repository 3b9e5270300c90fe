import type { Environment } from '../config/environment.ts';
import { Fault } from '../core/fault.ts';
import type { Probed } from '../probe/probe.ts';
import type { ProbeContext, ProbeRequest } from '../probe/request.ts';
import type { CommandContext } from './base.ts';
import { type ClusterFlags, openCluster } from './cluster.ts';

export interface BenchFlags extends ClusterFlags {
  readonly 'in-cluster'?: boolean | undefined;
  readonly 'allow-egress'?: readonly string[] | undefined;
  readonly 'canary-image'?: string | undefined;
  readonly 'insecure-registry'?: readonly string[] | undefined;
  readonly network?: string | undefined;
}

/** Where images are run. */
export interface OpenBench {
  readonly place: string;
  probe(request: ProbeRequest, context: ProbeContext): Promise<Probed>;
}

const ofCluster = [
  'context',
  'kubeconfig',
  'allow-egress',
  'canary-image',
  'insecure-registry',
] as const;

/**
 * The engine, or the cluster when that is asked for.
 * @throws Fault `usage-invalid` for a flag of the other; those of opening it
 */
export async function openBench(context: CommandContext, flags: BenchFlags): Promise<OpenBench> {
  if (!flags['in-cluster']) {
    const stray = ofCluster.find((name) => flags[name] !== undefined);
    if (stray === undefined) return engineBench(context);
    throw new Fault('usage-invalid', `--${stray}: expected --in-cluster with it`);
  }
  if (flags.network === undefined) return clusterBench(context, flags);
  throw new Fault(
    'usage-invalid',
    '--network: is of the engine; --allow-egress opens the namespace of pods',
  );
}

export async function engineBench({ adapters, signal }: CommandContext): Promise<OpenBench> {
  const engine = await (await adapters.engine())({}, signal);
  const { probeImage } = await import('../probe/engine/bench.ts');
  return {
    place: engine.host,
    probe: (request, use) => probeImage(request, { ...use, engine }),
  };
}

/** @param environment says what flags do not */
export async function clusterBench(
  context: CommandContext,
  flags: Omit<BenchFlags, 'in-cluster' | 'network'>,
  environment?: Environment,
): Promise<OpenBench> {
  const { probeInCluster } = await import('../simulate/image/bench.ts');
  const { egressRules } = await import('../simulate/egress.ts');
  const { allowEgress = [], canaryImage } = environment?.sandbox ?? {};
  const egress = {
    allowed: await egressRules(flags['allow-egress'] ?? allowEgress),
    canaryImage: flags['canary-image'] ?? canaryImage,
  };
  const kube = await openCluster(context, flags, environment);
  const registry = await context.adapters.registry({ insecure: flags['insecure-registry'] ?? [] });
  const { kubeconfig } = flags;
  const { toolVersion } = context;
  return {
    place: `${kube.target.server} (context ${kube.target.context})`,
    probe: (request, use) =>
      probeInCluster(request, { ...use, kube, registry, egress, kubeconfig, toolVersion }),
  };
}
