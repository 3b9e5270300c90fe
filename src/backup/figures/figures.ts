import type { BackupLimits, BackupWanted } from '../observation.ts';
import { setsOf } from '../observe.ts';
import type { Repository } from '../repository/repository.ts';
import { proofOf } from '../retention/inventory.ts';
import { readReports } from '../set/reports.ts';
import type { Distrusted, OpenedSet } from '../set/sets.ts';

/** The backups of one environment in figures. */
export interface BackupFigures {
  readonly environment: string | null;
  readonly database: string | null;
  readonly observedAt: Date;
  readonly limits: BackupLimits;
  /** Sets that count: their manifest was read, and is signed where that is asked for. */
  readonly sets: number;
  /** The others. */
  readonly unreadable: number;
  readonly newest: NewestSet | null;
  /** The last time a set was read whole and found good. */
  readonly verified: { readonly at: Date; readonly durationMs: number } | null;
  /** The newest set that was restored and compared, and is not known to be bad. */
  readonly rehearsed: {
    readonly set: string;
    readonly createdAt: Date;
    readonly at: Date;
    readonly restoreMs: number;
  } | null;
}

interface NewestSet {
  readonly set: string;
  /** Nothing later is in it. */
  readonly createdAt: Date;
  readonly completedAt: Date;
  /** Bytes in the repository, without objects. */
  readonly storedBytes: number;
  readonly objectBytes: number;
}

export interface FiguresOf {
  readonly limits: BackupLimits;
  readonly observedAt: Date;
  /** Undefined when sets need no signature. */
  readonly distrusted?: Distrusted | undefined;
}

type ReadableSet = OpenedSet & { readonly manifest: object };

/** @throws Fault of the repository, or why signatures cannot be checked */
export async function readFigures(
  repository: Repository,
  wanted: BackupWanted,
  { limits, observedAt, distrusted }: FiguresOf,
  signal: AbortSignal,
): Promise<BackupFigures> {
  const opened = await setsOf(repository, wanted, signal);
  const sets: ReadableSet[] = [];
  for (const set of opened) {
    if (set.manifest && (await distrusted?.(set)) === undefined) sets.push(set);
  }
  const verifications = await readReports(repository, 'verifications', signal);
  const rehearsals = await readReports(repository, 'rehearsals', signal);
  const newest = sets.at(-1)?.manifest;
  const about = <T extends { readonly set: string; readonly manifest: string | null }>(
    { set, digest }: ReadableSet,
    reports: readonly T[],
  ) => reports.filter((report) => report.set === set && report.manifest === digest);
  const verified = sets
    .flatMap((set) => about(set, verifications))
    .filter(({ verdict }) => verdict === 'good')
    .reduce<{ at: Date; durationMs: number } | null>((last, { at, durationMs }) => {
      const time = new Date(at);
      return last && last.at > time ? last : { at: time, durationMs };
    }, null);
  const good = sets.findLast(
    (set) => proofOf(about(set, rehearsals), about(set, verifications)) === 'good',
  );
  const proof = good && about(good, rehearsals).findLast(({ verdict }) => verdict === 'good');
  const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);
  return {
    environment: wanted.environment,
    database: wanted.database,
    observedAt,
    limits,
    sets: sets.length,
    unreadable: opened.length - sets.length,
    newest: newest
      ? {
          set: newest.set,
          createdAt: new Date(newest.createdAt),
          completedAt: new Date(newest.completedAt),
          storedBytes: sum(newest.files.map(({ stored }) => stored.size)),
          objectBytes: sum(newest.buckets.map(({ bytes }) => bytes)),
        }
      : null,
    verified,
    rehearsed:
      good && proof
        ? {
            set: good.set,
            createdAt: new Date(good.manifest.createdAt),
            at: new Date(proof.at),
            restoreMs: proof.measured.restoreMs,
          }
        : null,
  };
}
