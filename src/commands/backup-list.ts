import { durationText, sizeText } from '../backup/age-text.ts';
import { type ListedSet, listSets } from '../backup/set/list.ts';
import { openRepository } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { backupSource, repositoryPlace } from './backup-plan.ts';
import { backupSystems } from './backup-run.ts';
import type { CommandContext } from './base.ts';
import {
  externalDatabase,
  externalLine,
  listedExternal,
  openedExternal,
} from './external-backups.ts';

interface ListFlags {
  readonly env?: string | undefined;
  readonly repository?: string | undefined;
  readonly format: 'text' | 'json';
}

export async function listText(context: CommandContext, flags: ListFlags): Promise<string> {
  const systems = backupSystems(context);
  const { config } = context;
  const external =
    flags.repository === undefined ? await externalOf(context, flags, systems) : null;
  const backups = external ? await listedExternal(external, systems) : [];
  // A database that another tool backs up needs no repository of ours.
  const isNeeded = external === null || config.value.repository !== undefined;
  const own = isNeeded ? await ownSets(context, flags, systems) : null;
  if (flags.format === 'json') {
    return `${JSON.stringify([...backups, ...(own?.sets ?? [])], null, 2)}\n`;
  }
  return [
    ...backups.map(externalLine),
    ...(external && backups.length === 0 ? [`no backups at ${external.backups.place}\n`] : []),
    ...(own?.sets.map(lineOf) ?? []),
    ...(own?.sets.length === 0 ? [`no sets in ${own.place}\n`] : []),
  ].join('');
}

async function externalOf(context: CommandContext, { env }: ListFlags, systems: BackupSystems) {
  const { databases } = context.config.value;
  const isAny = Object.values(databases ?? {}).some(({ backups }) => backups !== undefined);
  // Without any, the command needs no environment that makes sense.
  if (!isAny && env === undefined) return null;
  const source = backupSource(context.config, env);
  const database = externalDatabase(source);
  return database ? openedExternal(context, source.environment, database, systems) : null;
}

async function ownSets(context: CommandContext, flags: ListFlags, systems: BackupSystems) {
  const place = repositoryPlace(context.config, flags);
  const repository = await openRepository(place, systems);
  try {
    const { clock, signal } = systems;
    return { place: repository.place, sets: await listSets(repository, clock, signal) };
  } finally {
    repository.close();
  }
}

function lineOf(set: ListedSet): string {
  if (set.state !== 'complete') {
    const why =
      set.state === 'unfinished'
        ? 'no manifest: being made, or left by a run that died'
        : 'its manifest cannot be read';
    return `${set.set}  ${set.state}: ${why}\n`;
  }
  const parts = [
    set.set,
    `${durationText(set.age ?? 0)} old`,
    sizeText((set.stored ?? 0) + (set.objects ?? 0)),
    [
      ...(set.database === null ? [] : [`database ${set.database}`]),
      ...set.buckets.map((name) => `bucket ${name}`),
    ].join(', '),
    ...(set.encrypted ? ['encrypted'] : []),
    ...(set.signed ? ['signed'] : []),
    set.verifiedAt === null ? 'not verified' : `verified ${set.verifiedAt}`,
    set.rehearsal === null
      ? 'not rehearsed'
      : `rehearsed ${set.rehearsedAt}: ${set.rehearsal.replaceAll('-', ' ')}`,
  ];
  return `${parts.join('  ')}\n`;
}
