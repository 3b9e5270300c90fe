import { canonicalDigest } from '../core/canonical.ts';
import type { Target } from '../core/target.ts';
import type { ExternalBackup, ExternalTool, WalArchive } from './external/external.ts';
import type { LiveArchiver } from './external/live.ts';
import type { Missing, ReferencePart } from './set/manifest.ts';
import type { Rehearsal, Verification } from './set/reports.ts';
import { setFiles, setKey } from './set/set-id.ts';
import type { OpenedSet } from './set/sets.ts';

/** A set as far as rules look at it. */
export interface SetView {
  readonly id: string;
  /** Digest of its manifest; null when that cannot be read. */
  readonly manifest: string | null;
  readonly problem: string | null;
  /** ISO 8601: everything in it is of this moment or a later one. Null with an unreadable manifest. */
  readonly createdAt: string | null;
  /** As the configuration called it when the set was made. */
  readonly database: string | null;
  /** Which database that was. */
  readonly identity: DatabaseIdentity | null;
  readonly buckets: readonly string[];
  readonly references: readonly ReferencePart[];
  readonly missing: readonly Missing[];
}

/** A database, whatever address leads to it. */
export interface DatabaseIdentity {
  /** Of the cluster, given by initdb. */
  readonly systemIdentifier: string;
  readonly database: string;
}

export const identityOf = ({ systemIdentifier, database }: DatabaseIdentity): DatabaseIdentity => ({
  systemIdentifier,
  database,
});

/** The database that the environment names now, or why it could not be asked who it is. */
export type LiveDatabase = DatabaseIdentity | { readonly problem: string };

/** What was seen of backups that another tool makes and keeps. */
export interface ExternalView {
  readonly tool: ExternalTool;
  /** For people, without credentials. */
  readonly place: string;
  /** How many the tool lists. */
  readonly listed: number;
  /** The newest that counts, or the one that was named. */
  readonly backup: ExternalBackup | null;
  /** Newer ones that do not count. */
  readonly passedOver: readonly { readonly label: string; readonly why: string }[];
  /** What is archived from it on; null when nobody could tell. */
  readonly archive: WalArchive | null;
  /** What the live server says that it archived. */
  readonly archiver: LiveArchiver | { readonly problem: string };
}

/** What was seen of a repository, its newest set, and what is said about that. */
export interface BackupSet extends Target {
  readonly kind: 'backupSet';
  /** ISO 8601: the moment that ages are counted to. */
  readonly observedAt: string;
  /** For people, without credentials. */
  readonly repository: string;
  readonly limits: BackupLimits;
  /** What the environment has, and so a set should have. */
  readonly wanted: BackupWanted;
  /** The newest set of the environment, or the one that was named; null when there is none. */
  readonly set: SetView | null;
  /** Null when nobody asked: the set alone was looked at. */
  readonly live: LiveDatabase | null;
  /** The newest reading of that set. */
  readonly verification: Verification | null;
  /** The newest rehearsal of any set of the environment. */
  readonly rehearsal: Rehearsal | null;
  /** When another tool keeps the backups: `set` is one of its own then. */
  readonly external: ExternalView | null;
}

export interface BackupLimits {
  /** Milliseconds of work that may be lost (`sla.rpo`). */
  readonly rpoMs: number;
  /** Milliseconds that restoring may take (`sla.restore`). */
  readonly restoreMs: number;
  /** Milliseconds for which a rehearsal of an earlier set counts (`checklist.evidenceMaxAge`). */
  readonly evidenceMaxAgeMs: number;
}

export interface BackupWanted {
  readonly environment: string | null;
  readonly database: string | null;
  readonly buckets: readonly string[];
}

export function setView(opened: OpenedSet): SetView {
  const { set: id, manifest } = opened;
  return {
    id,
    manifest: opened.manifest ? opened.digest : null,
    problem: opened.manifest ? null : opened.problem,
    createdAt: manifest?.createdAt ?? null,
    database: manifest?.database?.name ?? null,
    identity: manifest?.database ? identityOf(manifest.database.identity) : null,
    buckets: manifest?.buckets.map(({ name }) => name) ?? [],
    references: (manifest?.references ?? []).map((entry) => ({
      ...entry,
      query: entry.query ?? 'a query of the encrypted set',
      examples: entry.examples ?? [],
    })),
    missing: manifest?.missing ?? [],
  };
}

type Seen = Omit<BackupSet, 'kind' | 'name' | 'digest' | 'source' | 'external'> & {
  readonly external?: ExternalView | null;
};

/** The observation of what was seen, known by the digest of all of it. */
export function backupSet(seen: Seen): BackupSet {
  const { observedAt, repository, limits, wanted, set, live, verification, rehearsal } = seen;
  const { external = null } = seen;
  const content = {
    kind: 'backupSet',
    name: set?.id ?? `backups of ${wanted.environment ?? 'the environment'}`,
    source: set ? `${repository} ${set.id}` : repository,
    ...{ observedAt, repository, limits, wanted, set, live, verification, rehearsal, external },
  } as const;
  return { ...content, digest: canonicalDigest(content) };
}

/** Where a finding about the set stands. */
export function manifestPath({ set, external }: BackupSet): string {
  if (external) return `${external.tool}/${set?.id ?? ''}`;
  return set ? setKey(set.id, setFiles.manifest) : 'sets/';
}
