import { durationText } from '../backup/age-text.ts';
import { type BackupFigures, readFigures } from '../backup/figures/figures.ts';
import type { BackupLimits, BackupWanted } from '../backup/observation.ts';
import { observeRepository } from '../backup/observe.ts';
import type { Repository } from '../backup/repository/repository.ts';
import { type Distrusted, openSets } from '../backup/set/sets.ts';
import { distrustOf } from '../backup/set/signature.ts';
import { type BackupSource, openRepository } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { measured } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';
import { writeMetrics } from './backup-metrics.ts';
import {
  backupLimits,
  backupSource,
  copiedSource,
  repositoryPlace,
  wantedOf,
} from './backup-plan.ts';
import type { BackupFlags, Observed } from './backup-run.ts';
import type { CommandContext } from './base.ts';
import { externalDatabase, externalFreshness, openedExternal } from './external-backups.ts';

export interface FreshnessFlags extends BackupFlags {
  /** Milliseconds. */
  readonly 'max-age'?: number | undefined;
  readonly 'max-rehearsal-age'?: number | undefined;
}

/** `backup freshness`: how old the newest set and the newest proof are. */
export async function freshness(
  context: CommandContext,
  flags: FreshnessFlags,
  systems: BackupSystems,
): Promise<Observed> {
  const { config } = context;
  const configured = backupLimits(config.value);
  const limits: BackupLimits = {
    ...configured,
    rpoMs: flags['max-age'] ?? configured.rpoMs,
    evidenceMaxAgeMs: flags['max-rehearsal-age'] ?? configured.evidenceMaxAgeMs,
  };
  const source = backupSource(config, flags.env);
  const database = flags.repository === undefined ? externalDatabase(source) : undefined;
  if (!database) return ownFreshness(context, flags, { source, limits }, systems);
  const opened = await openedExternal(context, source.environment, database, systems);
  const external = await externalFreshness(opened, limits, flags, systems);
  if (source.buckets.length === 0) return external;
  const copied = { source: copiedSource(source), limits };
  const own = await ownFreshness(context, { ...flags, 'metrics-file': undefined }, copied, systems);
  return bothOf(external, own);
}

/** The backups of a database that another tool keeps, and the sets of the buckets beside it. */
function bothOf(external: Observed, own: Observed): Observed {
  const aboutOf = (record: RunRecord, { observation }: Observed): RunRecord => {
    const findings = record.findings.filter(({ location }) =>
      location.path?.startsWith(`${observation.external?.tool ?? 'sets'}/`),
    );
    const outcomes = record.outcomes.filter(({ target }) => target === observation.name);
    const isKnown = outcomes.every(({ outcome }) => outcome !== 'inconclusive');
    const verdict = findings.length > 0 ? 'no-go' : isKnown ? 'go' : 'pending';
    // What was not looked at does not say of which part it is: the first line has all of it.
    return { ...record, verdict, findings, notExamined: [] };
  };
  return {
    ...external,
    others: [own.observation],
    rules: [...new Set([...external.rules, ...own.rules])],
    measurements: [...external.measurements],
    page: (record) =>
      [
        external.page?.({ ...aboutOf(record, external), notExamined: record.notExamined }),
        own.page?.(aboutOf(record, own)),
      ].join(''),
  };
}

interface OwnFreshness {
  readonly source: BackupSource;
  readonly limits: BackupLimits;
}

async function ownFreshness(
  { config }: CommandContext,
  flags: FreshnessFlags,
  { source, limits }: OwnFreshness,
  systems: BackupSystems,
): Promise<Observed> {
  const { clock, signal, scope } = systems;
  const place = repositoryPlace(config, flags);
  const repository = await openRepository(place, systems);
  await scope.defer('connections of the repository', () => repository.close());
  const distrusted = distrustOf(repository, place, systems);
  const wanted = await wantedIn(repository, wantedOf(source), distrusted, signal);
  const observing = { wanted, limits, clock, signal, distrusted };
  const observation = await observeRepository(repository, observing);
  const observedAt = new Date(observation.observedAt);
  const figures = await readFigures(repository, wanted, { ...observing, observedAt }, signal);
  await writeMetrics(flags, repository, observing, systems);
  const { newest, rehearsed } = figures;
  const age = (time: Date) => (observedAt.getTime() - time.getTime()) / 1000;
  return {
    observation,
    rules: ['backup/fresh', 'backup/rehearsed'],
    steps: [],
    measurements: [
      ...(newest ? [measured('backup.age', age(newest.createdAt), 's', limits.rpoMs / 1000)] : []),
      ...(rehearsed
        ? [
            measured('backup.rehearsed-age', age(rehearsed.createdAt), 's'),
            measured('backup.rehearsal-age', age(rehearsed.at), 's'),
          ]
        : []),
    ],
    closing: '',
    page: (record) => `${freshnessLine(figures, record)}\n`,
  };
}

/** A watcher has a repository and perhaps no configuration: then the newest set says whose it looks after. */
async function wantedIn(
  repository: Repository,
  wanted: BackupWanted,
  distrusted: Distrusted | undefined,
  signal: AbortSignal,
): Promise<BackupWanted> {
  if (wanted.database !== null || wanted.buckets.length > 0) return wanted;
  for (const set of (await openSets(repository, signal)).toReversed()) {
    if (!set.manifest || (await distrusted?.(set)) !== undefined) continue;
    const { environment, database, buckets } = set.manifest;
    return {
      environment,
      database: database?.name ?? null,
      buckets: buckets.map(({ name }) => name),
    };
  }
  return wanted;
}

const words = {
  go: 'FRESH',
  'no-go': 'STALE',
  pending: 'UNKNOWN',
  stale: 'STALE',
  fault: 'UNKNOWN',
};

function freshnessLine(figures: BackupFigures, record: RunRecord): string {
  const { newest, rehearsed, limits, observedAt, environment, database } = figures;
  const ago = (time: Date) => durationText(observedAt.getTime() - time.getTime());
  const of = [environment, database].filter((name) => name !== null).join('/');
  const reasons = [
    ...record.findings.map(({ message }) => message),
    ...record.notExamined.map(({ what, why }) => `${what}: ${why}`),
  ];
  const ages = [
    newest
      ? `newest set ${newest.set} is ${ago(newest.createdAt)} old (limit ${durationText(limits.rpoMs)})`
      : 'no set',
    rehearsed
      ? `newest rehearsed ${rehearsed.set === newest?.set ? 'the same' : `is ${ago(rehearsed.createdAt)} old`}, rehearsed ${ago(rehearsed.at)} ago (limit ${durationText(limits.evidenceMaxAgeMs)})`
      : 'none rehearsed',
  ].join(', ');
  const line = `${words[record.verdict]} ${of === '' ? '' : `${of}: `}${ages}`;
  return [line, ...reasons].join('; ').replaceAll(/\s+/g, ' ');
}
