import type { DatabaseIdentity } from '../adapters/postgres/postgres.ts';
import { canonicalDigest } from '../core/canonical.ts';
import type { Target } from '../core/target.ts';

/** A migration of the folder, oldest first. */
export interface MigrationSeen {
  /** Such as `0002_order_status`. */
  readonly id: string;
  /** Paths for people; null when there is no such file. */
  readonly up: string | null;
  readonly down: string | null;
  /** The down holds no statement. */
  readonly downEmpty: boolean;
  /** Whether this release brings it, as far as the table of applied migrations tells. */
  readonly ofRelease: boolean;
}

/** What went wrong with a migration. The walk over the migrations ends there. */
export interface Trouble {
  readonly what:
    | 'up-failed'
    | 'down-failed'
    | 'schema-differs'
    | 'rows-differ'
    | 'again-failed'
    | 'again-differs';
  /** Path of the script; null where the migration has none. */
  readonly file: string | null;
  /** From 1; null when the server names no place in the script. */
  readonly line: number | null;
  /** The server's refusal, or the first difference: one line. */
  readonly detail: string;
}

/** Milliseconds are null for what was not come to. */
export interface Tried {
  readonly migration: string;
  readonly upMs: number | null;
  readonly downMs: number | null;
  readonly againMs: number | null;
  readonly trouble: Trouble | null;
}

/** A walk up and down, on one scratch database. */
export interface Stage {
  /** `empty`: made by the migrations before. `rows`: a backup set, restored. */
  readonly on: 'empty' | 'rows';
  /** The set whose rows these are. */
  readonly set: string | null;
  /** Rows in tables before the first script ran. */
  readonly rows: number;
  readonly tried: readonly Tried[];
}

export interface Gap {
  readonly what: string;
  readonly why: string;
}

/** What trying on one database gave. */
export interface Outcome {
  readonly server: DatabaseIdentity | null;
  readonly stages: readonly Stage[];
  readonly gaps: readonly Gap[];
}

/** What became of the migrations of one service on scratch databases. */
export interface MigrationRehearsal extends Target {
  readonly kind: 'migrationRehearsal';
  readonly service: string;
  readonly folder: string;
  /** Where the scratch databases were made; null when none was. */
  readonly server: DatabaseIdentity | null;
  /** The live database's table of applied migrations; null when it has none. */
  readonly table: string | null;
  /** That table says that a migration stopped in the middle. */
  readonly dirty: boolean;
  readonly migrations: readonly MigrationSeen[];
  readonly stages: readonly Stage[];
  /** What could not be tried. */
  readonly gaps: readonly Gap[];
}

type Seen = Omit<MigrationRehearsal, 'kind' | 'name' | 'digest' | 'source'>;

/** The observation of what was seen, known by the digest of all of it. */
export function migrationRehearsal(seen: Seen): MigrationRehearsal {
  const content = {
    kind: 'migrationRehearsal',
    name: `migrations of ${seen.service}`,
    source: seen.folder,
    ...seen,
  } as const;
  return { ...content, digest: canonicalDigest(content) };
}
