import { join } from 'node:path';
import { durationText, sizeText } from '../backup/age-text.ts';
import type { ExternalBackup } from '../backup/external/external.ts';
import { type ListedExternal, listExternal } from '../backup/external/list.ts';
import { askLive } from '../backup/external/live.ts';
import { type ObservedExternal, observeExternal } from '../backup/external/observe.ts';
import { type ExternalRef, openExternal } from '../backup/external/open.ts';
import { rehearseExternal } from '../backup/external/rehearse.ts';
import { keepExternalRehearsal } from '../backup/external/reports.ts';
import { exposition } from '../backup/figures/exposition.ts';
import type { BackupFigures } from '../backup/figures/figures.ts';
import { type BackupSet, backupSet } from '../backup/observation.ts';
import { folderRepository } from '../backup/repository/folder.ts';
import type { Repository } from '../backup/repository/repository.ts';
import { type BackupSource, databaseSettings, openRepository } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { environmentNamed } from '../config/environment.ts';
import { Fault } from '../core/fault.ts';
import { measured } from '../core/judged-record.ts';
import { writeWhole } from '../core/write-whole.ts';
import type { MetricsFlags } from './backup-metrics.ts';
import { backupLimits, repositoryPlace } from './backup-plan.ts';
import type { Observed } from './backup-run.ts';
import type { CommandContext } from './base.ts';
import { openCluster } from './cluster.ts';
import { rehearsalTimes } from './rehearsal-times.ts';

type ExternalDatabase = NonNullable<BackupSource['database']> & { readonly external: ExternalRef };

/** What is known of an environment whose database another tool backs up. */
export interface OpenedExternal extends Omit<ObservedExternal, 'live'> {
  readonly database: ExternalDatabase;
}

/** @returns undefined when we copy the database ourselves, or there is none */
export function externalDatabase({ database }: BackupSource): ExternalDatabase | undefined {
  return database?.external ? { ...database, external: database.external } : undefined;
}

/** Nothing is asked of tool and server yet. @throws Fault `kubeconfig-invalid`, `usage-invalid` */
export async function openedExternal(
  context: CommandContext,
  environment: string | null,
  database: ExternalDatabase,
  systems: BackupSystems,
): Promise<OpenedExternal> {
  const { config } = context;
  const named = environmentNamed(config, environment ?? undefined);
  const openKube = () => openCluster(context, {}, named);
  return {
    database,
    backups: await openExternal(database.external, { ...systems, openKube }),
    subject: { environment, database: database.name },
    limits: backupLimits(config.value),
    reports: await reportsPlace(context, systems),
  };
}

/** The repository that is configured, so that one machine knows what another tried; else our own folder. */
async function reportsPlace(
  { config, home }: CommandContext,
  systems: BackupSystems,
): Promise<Repository> {
  if (config.value.repository === undefined) {
    return folderRepository(join(home.folder, 'external-backups'));
  }
  const repository = await openRepository(repositoryPlace(config, undefined), systems);
  await systems.scope.defer('connections of the repository', () => repository.close());
  return repository;
}

export async function observed(
  opened: OpenedExternal,
  systems: BackupSystems,
  limits: BackupSet['limits'] = opened.limits,
): Promise<BackupSet> {
  // Asked first: what it says that it has archived has to be there then.
  const live = await askLive(opened.database.ref, systems);
  return observeExternal({ ...opened, limits, live }, systems);
}

const words: Readonly<Record<string, string>> = { go: 'FRESH', 'no-go': 'STALE', stale: 'STALE' };

/** `backup freshness` of backups that another tool keeps. */
export async function externalFreshness(
  opened: OpenedExternal,
  limits: BackupSet['limits'],
  flags: MetricsFlags,
  systems: BackupSystems,
): Promise<Observed> {
  const observation = await observed(opened, systems, limits);
  const figures = figuresOf(observation);
  const file = flags['metrics-file'];
  if (file !== undefined) await writeWhole(file, exposition(figures));
  const { newest, observedAt } = figures;
  const age = newest && (observedAt.getTime() - newest.createdAt.getTime()) / 1000;
  return {
    observation,
    rules: ['backup/fresh', 'backup/rehearsed', 'backup/continuous', 'backup/same-database'],
    steps: [],
    measurements:
      age === null ? [] : [measured('backup.age', age, 's', observation.limits.rpoMs / 1000)],
    closing: '',
    page: (record) => {
      const reasons = [
        ...record.findings.map(({ message }) => message),
        ...record.notExamined.map(({ what, why }) => `${what}: ${why}`),
      ];
      const line = `${words[record.verdict] ?? 'UNKNOWN'} ${freshnessText(observation)}`;
      return `${[line, ...reasons].join('; ').replaceAll(/\s+/g, ' ')}\n`;
    },
  };
}

function freshnessText({
  set,
  wanted,
  rehearsal,
  limits,
  observedAt,
  external,
}: BackupSet): string {
  const of = [wanted.environment, wanted.database].filter((name) => name !== null).join('/');
  const ago = (time: string) => durationText(Date.parse(observedAt) - Date.parse(time));
  const newest = set
    ? `newest backup ${set.id} of ${external?.place} is ${set.createdAt === null ? 'of unknown age' : `${ago(set.createdAt)} old`} (limit ${durationText(limits.rpoMs)})`
    : `no backup at ${external?.place}`;
  const rehearsed = rehearsal
    ? `${rehearsal.set === set?.id ? 'it' : rehearsal.set} was rehearsed ${ago(rehearsal.at)} ago: ${rehearsal.verdict.replaceAll('-', ' ')}`
    : 'none rehearsed';
  return `${of === '' ? '' : `${of}: `}${newest}, ${rehearsed}`;
}

/** For Prometheus; what the tool does not say is left out or 0. */
function figuresOf({
  wanted,
  observedAt,
  limits,
  set,
  rehearsal,
  external,
}: BackupSet): BackupFigures {
  const { backup, listed } = external ?? { backup: null, listed: 0 };
  const time = set?.createdAt ?? null;
  const isGood = set !== null && rehearsal?.verdict === 'good' && rehearsal.set === set.id;
  return {
    environment: wanted.environment,
    database: wanted.database,
    observedAt: new Date(observedAt),
    limits,
    sets: listed,
    unreadable: 0,
    newest:
      backup && time !== null
        ? {
            set: backup.label,
            createdAt: new Date(time),
            completedAt: new Date(time),
            storedBytes: backup.storedBytes ?? 0,
            objectBytes: 0,
          }
        : null,
    verified: null,
    rehearsed:
      isGood && time !== null
        ? {
            set: set.id,
            createdAt: new Date(time),
            at: new Date(rehearsal.at),
            restoreMs: rehearsal.measured.restoreMs,
          }
        : null,
  };
}

/** `backup rehearse` of a backup that another tool keeps. @throws Fault `set-missing` */
export async function externalRehearsal(
  opened: OpenedExternal,
  name: string,
  systems: BackupSystems,
): Promise<Observed> {
  const { backups, subject, database, reports } = opened;
  const live = await askLive(database.ref, systems);
  const chosen = name === 'last' ? undefined : await namedBackup(opened, name, systems);
  const before = await observeExternal({ ...opened, live }, systems, chosen);
  const backup = before.external?.backup;
  if (!backup) throw new Fault('set-missing', `${backups.place} holds no backup that counts`);
  const stage = {
    ...database.external,
    database:
      'problem' in live ? (await databaseSettings(database.ref, systems)).database : live.database,
    live,
    archive: before.external?.archive ?? null,
  };
  const { rehearsal, steps } = await rehearseExternal(backup, { backups, subject }, stage, systems);
  const notKept = await keepExternalRehearsal(reports, rehearsal, systems.signal);
  const cluster = rehearsal.external.systemIdentifier;
  const { set } = before;
  // Where the tool does not say whose backup it is, the restore has shown it.
  const identity =
    set?.identity ??
    (cluster === null ? null : { systemIdentifier: cluster, database: stage.database });
  const closing = `backup ${backup.label} of ${backups.place} is ${rehearsal.verdict.replaceAll('-', ' ')}`;
  return {
    observation: backupSet({ ...before, set: set && { ...set, identity }, rehearsal }),
    rules: [
      'backup/intact',
      'backup/equal',
      'backup/restore-time',
      'backup/continuous',
      'backup/same-database',
    ],
    steps,
    measurements: rehearsalTimes(rehearsal, before.limits),
    notExamined: rehearsal.external.unchecked,
    closing: notKept === undefined ? closing : `${closing}; not noted: ${notKept}`,
  };
}

async function namedBackup(
  { backups }: OpenedExternal,
  name: string,
  { signal }: BackupSystems,
): Promise<ExternalBackup> {
  const found = (await backups.list(signal)).find(({ label }) => label === name);
  if (found) return found;
  throw new Fault('set-missing', `${backups.place} holds no backup '${name}'`);
}

export function listedExternal(
  { backups, subject, reports }: OpenedExternal,
  { clock, signal }: BackupSystems,
): Promise<ListedExternal[]> {
  return listExternal(backups, subject, reports, { clock, signal });
}

export function externalLine(backup: ListedExternal): string {
  const { label, type, state, problem, age, storedBytes, databaseBytes, place, builtOn } = backup;
  const encrypted = { true: 'encrypted', false: 'not encrypted', null: 'encryption unknown' };
  const parts = [
    label,
    age === null ? 'age unknown' : `${durationText(age)} old`,
    storedBytes === null ? 'size unknown' : sizeText(storedBytes),
    `${type} of ${databaseBytes === null ? 'a cluster' : sizeText(databaseBytes)}, ${place}`,
    ...(builtOn.length > 0 ? [`built on ${builtOn.join(', ')}`] : []),
    encrypted[`${backup.encrypted}`],
    state === 'good' ? 'good by the tool' : `${state}: ${problem ?? 'the tool does not say why'}`,
    backup.rehearsal === null
      ? 'not rehearsed'
      : `rehearsed ${backup.rehearsedAt}: ${backup.rehearsal.replaceAll('-', ' ')}`,
  ];
  return `${parts.join('  ')}\n`;
}
