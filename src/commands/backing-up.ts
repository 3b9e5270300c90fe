import { sizeText } from '../backup/age-text.ts';
import { createSet } from '../backup/create.ts';

import { checkForeignKeys } from '../backup/database/foreign-keys.ts';

import { backupSet, setView } from '../backup/observation.ts';
import { observeRepository } from '../backup/observe.ts';
import { rehearseSet } from '../backup/rehearse.ts';
import { keepReport, withoutNames } from '../backup/set/reports.ts';
import { isSetId } from '../backup/set/set-id.ts';
import { distrustOf, trustedSet } from '../backup/set/signature.ts';
import { openRepository } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { verifySet } from '../backup/verify.ts';
import { Fault } from '../core/fault.ts';
import { measured } from '../core/judged-record.ts';
import { writeMetrics } from './backup-metrics.ts';
import {
  backupLimits,
  backupSource,
  copiedSource,
  databaseRefOf,
  repositoryPlace,
  wantedOf,
} from './backup-plan.ts';
import type { BackupFlags, Observed } from './backup-run.ts';
import type { CommandContext } from './base.ts';
import { externalDatabase, externalRehearsal, openedExternal } from './external-backups.ts';
import { rehearsalTimes } from './rehearsal-times.ts';

/** `backup create`: makes a set, and looks at what is in it. */
export async function create(
  { config }: CommandContext,
  flags: BackupFlags,
  systems: BackupSystems,
): Promise<Observed> {
  const all = backupSource(config, flags.env);
  const source = copiedSource(all);
  if (all.database?.external && source.buckets.length === 0) {
    throw new Fault(
      'usage-invalid',
      `databases.${all.database.name}.backups says that another tool backs it up, and there is no bucket: nothing is left to copy`,
    );
  }
  const place = repositoryPlace(config, flags);
  const created = await createSet(source, place, systems);
  const { manifest, digest, steps } = created;
  const repository = await openRepository(place, systems);
  const observation = backupSet({
    observedAt: systems.clock.now().toISOString(),
    repository: repository.place,
    limits: backupLimits(config.value),
    wanted: wantedOf(source),
    set: setView({ set: manifest.set, manifest, digest }),
    live: null,
    verification: null,
    rehearsal: null,
  });
  const distrusted = distrustOf(repository, place, systems);
  await writeMetrics(flags, repository, { ...observation, distrusted }, systems);
  repository.close();
  const objects = manifest.buckets.reduce((sum, { bytes }) => sum + bytes, 0);
  const stored = manifest.files.reduce((sum, file) => sum + file.stored.size, 0);
  const total = steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return {
    observation,
    rules: ['backup/complete', 'backup/references'],
    steps,
    measurements: [
      measured('backup.time', total / 1000, 's'),
      measured('backup.stored', stored, 'B'),
      measured('backup.objects', objects, 'B'),
    ],
    closing: `set ${manifest.set} in ${repository.place}: ${sizeText(stored)}, objects ${sizeText(objects)}`,
  };
}

/** `backup verify`: reads a set, and keeps what was seen beside it. */
export async function verify(
  { config }: CommandContext,
  flags: BackupFlags,
  name: string,
  systems: BackupSystems,
): Promise<Observed> {
  const { home, repository, observing } = await opened(config, flags, systems);
  const set = await trustedSet(home, name, systems);
  const verification = await verifySet(set, repository, systems);
  const notKept = await keepReport(repository, 'verifications', verification, systems.signal);
  const seen = await observeRepository(repository, observing, set);
  await writeMetrics(flags, repository, observing, systems);
  return {
    observation: backupSet({ ...seen, verification }),
    rules: ['backup/intact'],
    steps: [],
    measurements: [
      measured('backup.verify-time', verification.durationMs / 1000, 's'),
      measured('backup.verified', verification.bytes, 'B'),
    ],
    notExamined: verification.opened
      ? []
      : [
          {
            what: 'the content of encrypted files',
            why: 'no identity is named: the stored bytes alone were compared',
          },
        ],
    closing: closing(`set ${set.set}: ${sizeText(verification.bytes)} read`, notKept),
  };
}

export interface RehearseFlags extends BackupFlags {
  readonly server?: string | undefined;
  readonly 'check-foreign-keys'?: boolean;
}

/** `backup rehearse`: restores a set into scratch places, and keeps the outcome beside it. */
export async function rehearse(
  context: CommandContext,
  flags: RehearseFlags,
  name: string,
  systems: BackupSystems,
): Promise<Observed> {
  const { config } = context;
  const all = backupSource(config, flags.env);
  const database = flags.repository === undefined ? externalDatabase(all) : undefined;
  if (database && !isSetId(name)) {
    if (flags.server !== undefined) {
      const why = `--server is for dumps: the backups of ${database.name} are restored into a folder of this machine (databases.${database.name}.backups.scratch)`;
      throw new Fault('usage-invalid', why);
    }
    const external = await openedExternal(context, all.environment, database, systems);
    return externalRehearsal(external, name, systems);
  }
  const { home, repository, observing, source } = await opened(config, flags, systems);
  const set = await trustedSet(home, name, systems);
  const seen = await observeRepository(repository, observing, set);
  const rules = ['backup/intact', 'backup/equal', 'backup/restore-time'];
  if (!set.manifest) {
    const nothing = { steps: [], measurements: [], closing: `set ${set.set} cannot be rehearsed` };
    return { observation: seen, rules, ...nothing };
  }
  const server = flags.server ? databaseRefOf(flags.server, process.cwd()) : source.database?.ref;
  const stores = new Map(source.buckets.map((bucket) => [bucket.name, bucket.ref]));
  const more = flags['check-foreign-keys'] ? [{ name: 'foreign keys', run: checkForeignKeys }] : [];
  const stage = { server: server ?? null, stores, more };
  const { rehearsal, steps } = await rehearseSet(set, stage, repository, systems);
  const kept = set.manifest.encryption ? withoutNames(rehearsal) : rehearsal;
  const notKept = await keepReport(repository, 'rehearsals', kept, systems.signal);
  await writeMetrics(flags, repository, observing, systems);
  return {
    // An earlier reading is not what this command saw.
    observation: backupSet({ ...seen, verification: null, rehearsal }),
    rules,
    steps,
    measurements: rehearsalTimes(rehearsal, seen.limits),
    closing: closing(`set ${set.set} is ${rehearsal.verdict.replaceAll('-', ' ')}`, notKept),
  };
}

const closing = (text: string, notKept: string | undefined): string =>
  notKept === undefined ? text : `${text}; not noted in the repository: ${notKept}`;

async function opened(
  config: CommandContext['config'],
  flags: BackupFlags,
  systems: BackupSystems,
) {
  const source = copiedSource(backupSource(config, flags.env));
  const place = repositoryPlace(config, flags);
  const repository = await openRepository(place, systems);
  await systems.scope.defer('connections of the repository', () => repository.close());
  const { clock, signal } = systems;
  const limits = backupLimits(config.value);
  const home = { repository, signing: place.signing };
  return {
    source,
    home,
    repository,
    observing: {
      ...{ wanted: wantedOf(source), limits, clock, signal },
      distrusted: distrustOf(repository, place, systems),
    },
  };
}
