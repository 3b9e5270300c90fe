export interface Commit {
  /** Object name, 40 (SHA-1) or 64 (SHA-256) hex digits. */
  readonly hash: string;
  readonly authorEmail: string;
}

/** A content of a file, and where it was first. */
export interface HistoryBlob {
  /** The commit that brought it. */
  readonly commit: string;
  /** Relative to the folder asked about, `/` between names. */
  readonly path: string;
  /** Object name of the content. */
  readonly object: string;
}

/** Takes the contents of a history one after the other. */
export interface HistoryReader {
  begin(blob: HistoryBlob): void;
  /** The bytes may be reused afterwards. */
  content(bytes: Uint8Array): void;
  end(): void;
  /** A partial clone does not have it. */
  missing(blob: HistoryBlob): void;
}

export interface HistorySeen {
  readonly commits: number;
  /** True for a clone that leaves out older commits. */
  readonly isShallow: boolean;
}

export interface Git {
  /**
   * Reads every content that any commit of any branch, tag or stash has at and below `paths`, each once, the
   * oldest commits first. Memory grows with the number of contents and not with their size.
   * @throws Fault `input-missing` where there is no repository, `input-too-large`, `tool-missing`, `tool-failed`;
   *   the signal's reason
   */
  history(
    folder: string,
    paths: readonly string[],
    signal: AbortSignal,
    reader: HistoryReader,
  ): Promise<HistorySeen>;
  /** The commit checked out in `folder`; undefined when it is no work tree or git is not installed. */
  head(folder: string, signal: AbortSignal): Promise<Commit | undefined>;
  /** Paths that differ from the commit, relative to the top of the work tree; untracked ones included. */
  changed(folder: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A value of the git configuration, such as `user.email`. */
  configured(key: string, folder: string, signal: AbortSignal): Promise<string | undefined>;
}
