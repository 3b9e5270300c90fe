import { resolve } from 'node:path';
import type { Kube } from '../adapters/kube/kube.ts';
import type { Database } from '../adapters/postgres/postgres.ts';
import { databaseSettings } from '../backup/sources.ts';
import { environmentNamed } from '../config/environment.ts';
import { Fault } from '../core/fault.ts';
import type { WorkloadName } from '../rollback/observation.ts';
import { type ReleaseWorkload, workloadsOf } from '../rollback/release.ts';
import type { RollbackService } from '../rollback/request.ts';
import { parseWorkloadName } from '../rollback/workload-name.ts';
import type { HealthProbe } from '../simulate/request.ts';
import { databaseRef } from './backup-plan.ts';
import type { CommandContext } from './base.ts';
import { type ClusterFlags, openCluster } from './cluster.ts';
import { serviceManifests } from './service-manifests.ts';

export interface RollbackFlags extends ClusterFlags {
  readonly format: string;
  readonly output?: readonly string[] | undefined;
  readonly workloads: readonly string[];
  readonly 'dry-run': boolean;
  readonly yes?: string | undefined;
  readonly 'to-revision'?: number | undefined;
  readonly 'keep-schema': boolean;
  readonly 'delete-stuck': boolean;
  readonly migrations?: string | undefined;
  readonly from?: string | undefined;
  readonly settle?: number | undefined;
  readonly env?: string | undefined;
}

export interface RollbackTarget {
  readonly kube: Kube;
  readonly namespace: string;
  readonly workloads: readonly WorkloadName[];
  /** What the manifests of the configuration say of its workloads. */
  readonly described: readonly ReleaseWorkload[];
  readonly services: readonly RollbackService[] | null;
  readonly health: ReadonlyMap<string, readonly HealthProbe[]>;
  readonly database: ((signal: AbortSignal) => Promise<Database>) | undefined;
}

/**
 * What to roll back, and where: flags first, then the environment of the configuration.
 * @throws Fault `usage-invalid`, `kubeconfig-invalid`, `config-invalid`, `input-empty`
 */
export async function targetOf(
  context: CommandContext,
  flags: RollbackFlags,
): Promise<RollbackTarget> {
  const environment = environmentNamed(context.config, flags.env);
  if (!flags['dry-run'] && flags.namespace === undefined && flags.env === undefined) {
    throw new Fault('usage-invalid', 'what is changed has to be named: give --namespace or --env');
  }
  const deployed = await deployedBy(context, environment?.namespace);
  const workloads: readonly WorkloadName[] =
    flags.workloads.length > 0 ? flags.workloads.map(parseWorkloadName) : deployed.workloads;
  if (workloads.length === 0) {
    throw new Fault(
      'input-empty',
      'no workload is named, and the manifests of deploycheck.yaml hold none',
    );
  }
  if (flags['to-revision'] !== undefined && workloads.length > 1) {
    throw new Fault('usage-invalid', '--to-revision is of one workload; name it');
  }
  const kube = await openCluster(context, flags, environment);
  return {
    kube,
    namespace: kube.target.namespace,
    workloads,
    services: servicesOf(context, flags, workloads),
    described: deployed.workloads,
    health: deployed.health,
    database: databaseOf(context, environment?.database),
  };
}

/** The workloads in the manifests of the configuration, and the health paths that belong to them. */
async function deployedBy(context: CommandContext, namespace: string | undefined) {
  const workloads: ReleaseWorkload[] = [];
  const health = new Map<string, readonly HealthProbe[]>();
  for await (const { service, set } of serviceManifests(context, namespace)) {
    const own = workloadsOf(set.objects);
    workloads.push(...own);
    const answering =
      own.find(({ name }) => name === service.name) ?? (own.length === 1 ? own[0] : undefined);
    if (answering && service.health) health.set(answering.name, service.health);
  }
  return { workloads, health };
}

function servicesOf(
  { config }: CommandContext,
  { migrations, from }: RollbackFlags,
  [first]: readonly WorkloadName[],
): readonly RollbackService[] | null {
  const name = first?.name ?? '';
  if (migrations === 'none') return [{ name, migrations: undefined }];
  if (migrations !== undefined) return [{ name, migrations: resolve(migrations) }];
  if (config.file === null) return null;
  const services = (config.value.services ?? []).map((service) => ({
    name: service.name,
    migrations: service.migrations?.dir,
  }));
  const several = services.filter((service) => service.migrations !== undefined).length > 1;
  if (several && from !== undefined) {
    throw new Fault('usage-invalid', '--from is of one service; name its folder with --migrations');
  }
  return services;
}

function databaseOf({ config, adapters }: CommandContext, name: string | undefined) {
  if (name === undefined) return undefined;
  const ref = databaseRef(config, name);
  return async (signal: AbortSignal): Promise<Database> => {
    const postgres = await adapters.postgres();
    return postgres.connect(await databaseSettings(ref, { adapters, env: process.env }), signal);
  };
}
