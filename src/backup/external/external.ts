import type { Lacking, Problem } from '../set/reports.ts';

export type ExternalTool = 'pgbackrest' | 'barman' | 'walg' | 'cloudnativepg';

/** A physical backup as the tool that made it describes it. What the tool does not say is null. */
export interface ExternalBackup {
  /** The tool's own name for it. */
  readonly label: string;
  readonly type: 'full' | 'differential' | 'incremental' | 'unknown';
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  /** Bytes of the cluster. */
  readonly databaseBytes: number | null;
  /** Bytes in the tool's repository, without what it shares with earlier ones. */
  readonly storedBytes: number | null;
  /** Names of the first and the last segment that it needs to be consistent. */
  readonly wal: { readonly first: string; readonly last: string } | null;
  /** Positions such as `0/3000148`. */
  readonly lsn: { readonly start: string; readonly stop: string } | null;
  /** Labels of the earlier ones that it is worth nothing without. */
  readonly builtOn: readonly string[];
  /** Of the cluster, decimal digits. */
  readonly systemIdentifier: string | null;
  /** Major version of PostgreSQL. */
  readonly serverMajor: number | null;
  readonly encrypted: boolean | null;
  /** As the tool says; `unknown` when it does not. */
  readonly state: 'good' | 'failed' | 'running' | 'unknown';
  /** Why it is not good, in the tool's words. */
  readonly problem: string | null;
}

/** What is archived after a backup. */
export interface WalArchive {
  /** Name of the newest segment; null when there is none or the tool does not say. */
  readonly last: string | null;
  /** How many segments between the backup's first and the newest are not there, and some of them. */
  readonly missing: number;
  readonly examples: readonly string[];
  /** The tool says that archiving fails, and why. */
  readonly failing: string | null;
  /** Why gaps could not be looked for; null when they were. */
  readonly unknown: string | null;
}

export const unknownSize = 'the server that knows how large its segments are did not answer';

export const unknownArchive = (unknown: string): WalArchive => ({
  last: null,
  missing: 0,
  examples: [],
  failing: null,
  unknown,
});

/** Where a backup is restored to: all below a folder that is ours and goes as a whole. */
export interface RestoreTarget {
  /** Does not exist yet; becomes the data directory. */
  readonly data: string;
  /** Exists and is empty: what lies outside of a data directory, such as tablespaces. */
  readonly beside: string;
}

/** How a tool's restore came out. It has written below the target only. */
export type Restored =
  | {
      readonly outcome: 'restored';
      /** The command with which the server gets archived segments; `%f` and `%p` as PostgreSQL has them. */
      readonly restoreCommand: string;
      /** Variables that the command needs. */
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly outcome: 'damaged'; readonly problem: Problem }
  | { readonly outcome: 'lacking'; readonly lacking: Lacking };

/**
 * Backups that another tool makes and keeps. deploycheck reads what the tool says about them, and
 * restores through it; it never writes to where the tool keeps them.
 */
export interface ExternalBackups {
  readonly tool: ExternalTool;
  /** For people, without credentials: `pgBackRest stanza shop`. */
  readonly place: string;
  /**
   * Every backup, oldest first.
   * @throws Fault `tool-missing`, `tool-failed`, `repository-unreadable`, `cluster-*`
   */
  list(signal: AbortSignal): Promise<readonly ExternalBackup[]>;
  /**
   * What is archived from the first segment of a backup on.
   * @param segmentBytes `wal_segment_size` of the cluster; null when nobody could tell
   * @throws as `list`
   */
  archive(
    backup: ExternalBackup,
    segmentBytes: number | null,
    signal: AbortSignal,
  ): Promise<WalArchive>;
  /** Restores a backup without starting a server. @throws Fault `tool-missing`; the signal's reason */
  restore(backup: ExternalBackup, target: RestoreTarget, signal: AbortSignal): Promise<Restored>;
}
