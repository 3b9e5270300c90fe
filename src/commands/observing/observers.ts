import type { Observer } from '../../checklist/targets/loaded.ts';
import { environmentNamed } from '../../config/environment.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import type { TargetKind } from '../../core/target.ts';
import type { CommandContext } from '../base.ts';

export interface ObserverFlags {
  readonly env?: string | undefined;
  /** `NAME=SOURCE`, as `simulate --secret` takes them. */
  readonly secret?: readonly string[] | undefined;
  /** `env:NAME`, `file:PATH` or `service:NAME`. */
  readonly 'scratch-server'?: string | undefined;
}

/** How the checklist looks at the systems of an environment. Each is loaded when an item asks for it. */
export function observersOf(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Readonly<Partial<Record<TargetKind, Observer>>> {
  return {
    async simulation() {
      const { observeSimulation } = await import('./simulation.ts');
      return observeSimulation(context, flags, evidence);
    },
    async imageRun() {
      const { observeImageRuns } = await import('./image-runs.ts');
      return observeImageRuns(context, flags, evidence);
    },
    async migrationRehearsal() {
      const { observeMigrations } = await import('./migrations.ts');
      return observeMigrations(context, flags, evidence);
    },
    async backupSet() {
      const { observeBackups } = await import('./backups.ts');
      return observeBackups(context, flags, evidence);
    },
    async rollbackPlan() {
      const { observeWayBack } = await import('./way-back.ts');
      return observeWayBack(context, flags, evidence);
    },
  };
}

export const noCluster =
  'no cluster configured; name its context and namespace under environments in deploycheck.yaml';

/** Whether the environment says where it is: what KUBECONFIG happens to point at is not asked. */
export function clusterConfigured({ config }: CommandContext, { env }: ObserverFlags): boolean {
  const environment = environmentNamed(config, env);
  return environment?.context !== undefined && environment.namespace !== undefined;
}
