import type { Clock } from '../../core/clock.ts';
import type { Repository } from '../repository/repository.ts';
import type { PublishedManifest } from './manifest.ts';
import { type Rehearsal, readReports } from './reports.ts';
import { type OpenedSet, openSets } from './sets.ts';
import { knownSets } from './unfinished.ts';

/** A line of `backup list`. */
export interface ListedSet {
  readonly set: string;
  readonly state: 'complete' | 'unreadable' | 'unfinished';
  readonly environment: string | null;
  readonly createdAt: string | null;
  /** Milliseconds. */
  readonly age: number | null;
  /** Bytes in the repository, without the objects that sets share. */
  readonly stored: number | null;
  /** Bytes of its objects. */
  readonly objects: number | null;
  readonly database: string | null;
  readonly buckets: readonly string[];
  readonly encrypted: boolean | null;
  /** Whether it has a signature; whose, and whether it is good, `backup verify` says. */
  readonly signed: boolean | null;
  /** When it was last read whole, and found good. */
  readonly verifiedAt: string | null;
  readonly rehearsedAt: string | null;
  readonly rehearsal: Rehearsal['verdict'] | null;
}

/** Every set of a repository, newest first, those without a manifest included. */
export async function listSets(
  repository: Repository,
  clock: Clock,
  signal: AbortSignal,
): Promise<ListedSet[]> {
  const opened = await openSets(repository, signal);
  const { unfinished } = await knownSets(repository, signal);
  const verifications = await readReports(repository, 'verifications', signal);
  const rehearsals = await readReports(repository, 'rehearsals', signal);
  const listed = opened.map((set): ListedSet => {
    const digest = set.manifest ? set.digest : null;
    const about = <T extends { readonly set: string; readonly manifest: string | null }>(
      all: readonly T[],
    ) => all.findLast((report) => report.set === set.set && report.manifest === digest);
    const verification = about(verifications);
    const rehearsal = about(rehearsals);
    return {
      ...described(set, clock),
      verifiedAt: verification?.verdict === 'good' ? verification.at : null,
      rehearsedAt: rehearsal?.at ?? null,
      rehearsal: rehearsal?.verdict ?? null,
    };
  });
  const begun = unfinished.map((set) => ({ ...nothing, set, state: 'unfinished' as const }));
  return [...listed, ...begun].sort((a, b) => (a.set < b.set ? 1 : -1));
}

const nothing = {
  environment: null,
  createdAt: null,
  age: null,
  stored: null,
  objects: null,
  database: null,
  buckets: [],
  encrypted: null,
  signed: null,
  verifiedAt: null,
  rehearsedAt: null,
  rehearsal: null,
} as const;

function described({ set, manifest }: OpenedSet, clock: Clock): ListedSet {
  if (!manifest) return { ...nothing, set, state: 'unreadable' };
  const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);
  return {
    ...nothing,
    set,
    state: 'complete',
    environment: manifest.environment,
    createdAt: manifest.createdAt,
    age: clock.now().getTime() - Date.parse(manifest.createdAt),
    stored: sum(manifest.files.map((file) => file.stored.size)),
    objects: sum(manifest.buckets.map(({ bytes }) => bytes)),
    database: databaseName(manifest),
    buckets: manifest.buckets.map(({ name }) => name),
    encrypted: manifest.encryption !== null,
    signed: manifest.signature !== null,
  };
}

const databaseName = ({ database }: PublishedManifest): string | null => database?.name ?? null;
