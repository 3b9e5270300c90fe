import { identityOf, type LiveDatabase } from '../backup/observation.ts';
import { observeRepository } from '../backup/observe.ts';
import { type BackupSource, databaseSettings, openRepository } from '../backup/sources.ts';
import type { Observed, Observer } from '../checklist/targets.ts';
import { parseDuration } from '../config/duration.ts';
import { environmentNamed } from '../config/environment.ts';
import type { EvidenceSink } from '../core/evidence.ts';
import { Fault } from '../core/fault.ts';
import { redactDeep } from '../core/redact.ts';
import type { Target, TargetKind } from '../core/target.ts';
import { keptPlans, proofsOf } from '../rollback/memory.ts';
import { prepareRollback } from '../rollback/prepare.ts';
import { rollbackMeasurements } from '../rollback/record.ts';
import { simulationParts } from '../simulate/record.ts';
import type { SimulateContext } from '../simulate/request.ts';
import { simulate } from '../simulate/simulate.ts';
import { lookUpConfiguration } from '../validators/manifest/live.ts';
import type { ManifestSet } from '../validators/manifest/load.ts';
import { backupLimits, backupSource, repositoryPlace, wantedOf } from './backup-plan.ts';
import { backupSystems } from './backup-run.ts';
import type { CommandContext } from './base.ts';
import { targetOf } from './rollback-target.ts';
import { requestOf } from './simulate-target.ts';

export interface ObserverFlags {
  readonly env?: string | undefined;
  /** `NAME=SOURCE`, as `simulate --secret` takes them. */
  readonly secret?: readonly string[] | undefined;
}

/** How the checklist looks at the systems of an environment. */
export function observersOf(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Readonly<Partial<Record<TargetKind, Observer>>> {
  return {
    simulation: () => observeSimulation(context, flags, evidence),
    backupSet: () => observeBackups(context, flags, evidence),
    rollbackPlan: () => observeWayBack(context, flags, evidence),
  };
}

/** The rules of the item judge it later. */
const notJudged = { outcomes: [], findings: [], notExamined: [], skipped: 0 } as const;
const nothing = { steps: [], measurements: [], notExamined: [] } as const;
const noCluster =
  'no cluster configured; name its context and namespace under environments in deploycheck.yaml';

/** An environment that says where it is: what KUBECONFIG happens to point at is not asked. */
function hasCluster({ config }: CommandContext, { env }: ObserverFlags): boolean {
  const named = environmentNamed(config, env);
  const environment = named && config.value.environments?.[named.name];
  return environment?.context !== undefined && environment.namespace !== undefined;
}

async function observeSimulation(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  if (!hasCluster(context, flags)) return noCluster;
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
  const loaded = [await keep(context, evidence, 'simulation.json', seen)];
  return { loaded, steps, measurements, notExamined };
}

async function observeBackups(
  context: CommandContext,
  { env }: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  const { config, adapters, signal } = context;
  const source = backupSource(config, env);
  if (source.database === null && source.buckets.length === 0) {
    return 'no database and no bucket configured; name them under the environment in deploycheck.yaml';
  }
  if (config.value.repository === undefined) {
    return 'no repository configured; set repository.url, then run `deploycheck backup create` and `backup rehearse`';
  }
  const repository = await openRepository(
    repositoryPlace(config, undefined),
    backupSystems(context),
  );
  try {
    const { clock } = adapters;
    const limits = backupLimits(config.value);
    const wanted = wantedOf(source);
    const live = await liveDatabase(context, source);
    const seen = await observeRepository(repository, {
      ...{ wanted, limits, clock, signal },
      ...(live && { live }),
    });
    if (seen.set === null) {
      return `no set in ${seen.repository}; run \`deploycheck backup create\`, then \`backup rehearse\``;
    }
    return { loaded: [await keep(context, evidence, 'backup-set.json', seen)], ...nothing };
  } finally {
    repository.close();
  }
}

/** Who answers under the name that the environment gives its database. */
async function liveDatabase(
  context: CommandContext,
  { database }: BackupSource,
): Promise<LiveDatabase | undefined> {
  if (database === null) return undefined;
  const { adapters, signal } = context;
  try {
    const settings = await databaseSettings(database.ref, backupSystems(context));
    await using connection = await (await adapters.postgres()).connect(settings, signal);
    return identityOf(await connection.identity(signal));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { problem: error.message };
  }
}

async function observeWayBack(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  if (!hasCluster(context, flags)) return noCluster;
  const { config, adapters, signal, home } = context;
  const target = await targetOf(context, {
    ...{ env: flags.env, format: 'text', workloads: [], 'dry-run': true },
    ...{ 'keep-schema': false, 'delete-stuck': false },
  });
  const { plan } = await prepareRollback(
    {
      ...target,
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
    loaded: [await keep(context, evidence, 'rollback-plan.json', plan)],
    ...nothing,
    measurements: rollbackMeasurements(plan),
  };
}

async function keep(
  { redact, command }: CommandContext,
  evidence: EvidenceSink,
  name: string,
  target: Target,
) {
  const content = `${JSON.stringify(redactDeep(target, redact), null, 2)}\n`;
  const kept = await evidence.add({ name, mediaType: 'application/json', content, how: command });
  return { kind: target.kind, source: target.source, target, evidence: kept };
}

/** Asks the cluster of the environment for configuration that the manifests refer to and do not hold. */
export async function withLive(
  context: CommandContext,
  flags: ObserverFlags,
  manifests: ManifestSet,
): Promise<ManifestSet> {
  if (!hasCluster(context, flags)) return manifests;
  const { config, adapters, signal } = context;
  const named = environmentNamed(config, flags.env);
  const { context: kubeContext, namespace } = config.value.environments?.[named?.name ?? ''] ?? {};
  try {
    const kube = await adapters.kube(
      { ...(kubeContext && { context: kubeContext }), ...(namespace && { namespace }) },
      signal,
    );
    try {
      return { ...manifests, live: await lookUpConfiguration(manifests, kube, signal) };
    } finally {
      kube.close();
    }
  } catch (error) {
    // What the files alone say is worth having all the same.
    if (!(error instanceof Fault)) throw error;
    return { ...manifests, liveProblem: `not in the manifests, and ${error.message}` };
  }
}
