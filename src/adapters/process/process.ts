export interface ProcessOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** It may ask the person at the terminal, for a passphrase. Its own children then outlive an abort. */
  readonly asksPerson?: boolean;
  /** Milliseconds; 60 s when not given. */
  readonly timeoutMs?: number;
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs external programs without a shell and waits for each. */
export interface ProcessRunner {
  /**
   * Resolves for every exit code; what a code means is the caller's to say.
   * @throws Fault `tool-missing`, `tool-failed` (killed by a signal or out of time); the signal's reason
   */
  run(command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult>;
}
