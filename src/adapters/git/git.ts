export interface Commit {
  /** Object name, 40 (SHA-1) or 64 (SHA-256) hex digits. */
  readonly hash: string;
  readonly authorEmail: string;
}

export interface Git {
  /** The commit checked out in `folder`; undefined when it is no work tree or git is not installed. */
  head(folder: string, signal: AbortSignal): Promise<Commit | undefined>;
  /** Paths that differ from the commit, relative to the top of the work tree; untracked ones included. */
  changed(folder: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A value of the git configuration, such as `user.email`. */
  configured(key: string, folder: string, signal: AbortSignal): Promise<string | undefined>;
}
