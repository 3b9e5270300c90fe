import { setsOf } from '../../backup/observe.ts';
import type { Repository } from '../../backup/repository/repository.ts';
import { wholeManifest } from '../../backup/set/details.ts';
import type { Manifest, PublishedManifest } from '../../backup/set/manifest.ts';
import { distrusted } from '../../backup/set/signature.ts';
import { openRepository } from '../../backup/sources.ts';
import type { BackupSystems } from '../../backup/systems.ts';
import type { Observed } from '../../checklist/targets/loaded.ts';
import { environmentNamed } from '../../config/environment.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { Fault } from '../../core/fault.ts';
import { measured } from '../../core/judged-record.ts';
import type { MigrationRehearsal } from '../../migrations/observation.ts';
import type { SetOfRows } from '../../migrations/on-rows.ts';
import { rehearseMigrations } from '../../migrations/rehearse.ts';
import {
  backupSource,
  databaseRef,
  databaseRefOf,
  repositoryPlace,
  wantedOf,
} from '../backup-plan.ts';
import { backupSystems } from '../backup-run.ts';
import type { CommandContext } from '../base.ts';
import { keepTarget } from './keep-target.ts';
import type { ObserverFlags } from './observers.ts';

/** Tries the migrations of every service up and down in scratch databases. */
export async function observeMigrations(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed | string> {
  const { config } = context;
  const database = environmentNamed(config, flags.env)?.database;
  const services = (config.value.services ?? []).flatMap(({ name, migrations }) =>
    migrations ? [{ name, dir: migrations.dir }] : [],
  );
  if (services.length === 0) {
    return 'no migrations configured; name their folder under services in deploycheck.yaml';
  }
  if (database === undefined) {
    return 'no database configured to try the migrations beside; name it under the environment in deploycheck.yaml';
  }
  const live = databaseRef(config, database);
  const named = flags['scratch-server'];
  const server = named === undefined ? live : databaseRefOf(named, process.cwd());
  const systems = backupSystems(context);
  const rows = await rowsOf(context, flags, systems);
  const loaded = [];
  const measurements = [];
  for (const { name: service, dir } of services) {
    const request = { service, dir, root: config.root, live, server, rows };
    const seen = await rehearseMigrations(request, systems);
    loaded.push(await keepTarget(context, evidence, `migrations-${service}.json`, seen));
    measurements.push(...timesOf(seen));
  }
  return { loaded, steps: [], measurements, notExamined: [] };
}

/** The newest set of the environment that holds its database. */
async function rowsOf(
  { config, scope }: CommandContext,
  { env }: ObserverFlags,
  systems: BackupSystems,
): Promise<SetOfRows | { readonly why: string }> {
  if (config.value.repository === undefined) return { why: 'no repository of backups configured' };
  const place = repositoryPlace(config);
  const repository = await openRepository(place, systems);
  await scope.defer('connections of the repository', () => repository.close());
  const sets = await setsOf(repository, wantedOf(backupSource(config, env)), systems.signal);
  const newest = sets.findLast(({ manifest }) => manifest?.database);
  const held = newest?.manifest;
  if (!held) {
    return {
      why: `no set in ${repository.place} holds the database; run \`deploycheck backup create\``,
    };
  }
  const why = place.signing && (await distrusted(newest, repository, place.signing, systems));
  if (why !== undefined) return { why: `${newest.set}: ${why}` };
  const whole = await opened(held, repository, systems);
  if ('why' in whole) return whole;
  const { database } = whole.manifest;
  if (!database) throw new Error('details take nothing from a manifest');
  return { repository, manifest: { ...whole.manifest, database } };
}

/** Without an identity an encrypted set gives no rows; that is a gap, and no reason to stop. */
async function opened(
  manifest: PublishedManifest,
  repository: Repository,
  { signal }: BackupSystems,
): Promise<{ readonly manifest: Manifest } | { readonly why: string }> {
  try {
    const whole = await wholeManifest(manifest, repository, signal);
    return 'damage' in whole ? { why: `${whole.damage.path}: ${whole.damage.problem}` } : whole;
  } catch (error) {
    if (error instanceof Fault && error.code === 'identity-missing') return { why: error.message };
    throw error;
  }
}

/** Of the migrations on rows, which is what production would wait for. */
function timesOf({ service, stages }: MigrationRehearsal) {
  const tried = stages.filter(({ on }) => on === 'rows').flatMap((stage) => stage.tried);
  const sum = (of: (entry: (typeof tried)[number]) => number | null) =>
    tried.reduce((total, entry) => total + (of(entry) ?? 0), 0) / 1000;
  if (tried.length === 0) return [];
  return [
    measured(
      `migration.up-time.${service}`,
      sum(({ upMs }) => upMs),
      's',
    ),
    measured(
      `migration.down-time.${service}`,
      sum(({ downMs }) => downMs),
      's',
    ),
  ];
}
