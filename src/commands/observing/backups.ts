import { identityOf, type LiveDatabase } from '../../backup/observation.ts';
import { observeRepository } from '../../backup/observe.ts';
import { distrustOf } from '../../backup/set/signature.ts';
import { type BackupSource, databaseSettings, openRepository } from '../../backup/sources.ts';
import type { Loaded, Observed } from '../../checklist/targets/loaded.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { Fault } from '../../core/fault.ts';
import {
  backupLimits,
  backupSource,
  copiedSource,
  repositoryPlace,
  wantedOf,
} from '../backup-plan.ts';
import { backupSystems } from '../backup-run.ts';
import type { CommandContext } from '../base.ts';
import { externalDatabase, observed, openedExternal } from '../external-backups.ts';
import { keepTarget } from './keep-target.ts';
import type { ObserverFlags } from './observers.ts';

/** Looks at the newest backups of the environment, and at the database they should hold. */
export async function observeBackups(
  context: CommandContext,
  { env }: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  const source = backupSource(context.config, env);
  if (source.database === null && source.buckets.length === 0) {
    return 'no database and no bucket configured; name them under the environment in deploycheck.yaml';
  }
  const external = await observeExternally(context, source, evidence);
  if (typeof external === 'string') return external;
  const own = await observeSets(context, copiedSource(source), evidence);
  if (typeof own === 'string') return own;
  const referring = source.buckets.filter(({ references }) => references.length > 0);
  const why = 'another tool backs the database up, at other moments than the objects';
  return {
    loaded: [...external, ...own],
    steps: [],
    measurements: [],
    notExamined:
      external.length === 0
        ? []
        : referring.map(({ name }) => ({ what: `references of rows to objects of ${name}`, why })),
  };
}

async function observeExternally(
  context: CommandContext,
  source: BackupSource,
  evidence: EvidenceSink,
): Promise<Loaded[] | string> {
  const database = externalDatabase(source);
  if (!database) return [];
  const systems = backupSystems(context);
  const opened = await openedExternal(context, source.environment, database, systems);
  const seen = await observed(opened, systems);
  if (seen.set === null) {
    return `no backup at ${seen.repository}; make one with the tool, then run \`deploycheck backup rehearse\``;
  }
  return [await keepTarget(context, evidence, 'external-backup.json', seen)];
}

async function observeSets(
  context: CommandContext,
  source: BackupSource,
  evidence: EvidenceSink,
): Promise<Loaded[] | string> {
  const { config, adapters, signal } = context;
  if (source.database === null && source.buckets.length === 0) return [];
  if (config.value.repository === undefined) {
    return 'no repository configured; set repository.url, then run `deploycheck backup create` and `backup rehearse`';
  }
  const systems = backupSystems(context);
  const place = repositoryPlace(config);
  const repository = await openRepository(place, systems);
  try {
    const { clock } = adapters;
    const limits = backupLimits(config.value);
    const wanted = wantedOf(source);
    const live = await liveDatabase(context, source);
    const seen = await observeRepository(repository, {
      ...{ wanted, limits, clock, signal },
      distrusted: distrustOf(repository, place, systems),
      ...(live && { live }),
    });
    if (seen.set === null) {
      return `no set in ${seen.repository}; run \`deploycheck backup create\`, then \`backup rehearse\``;
    }
    return [await keepTarget(context, evidence, 'backup-set.json', seen)];
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
