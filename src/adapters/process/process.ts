import type { Readable } from 'node:stream';

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

/** How a program ended that was not killed. */
export interface ProcessEnd {
  readonly exitCode: number;
  /** The last of what it said, at most 64 KiB. */
  readonly stderr: string;
}

export interface StreamOptions<T> {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads; nothing when not given. When it breaks, the program is ended. */
  readonly input?: Readable;
  /**
   * Takes what the program writes. The stream's end is held back until the program has ended with 0,
   * and is an error otherwise, so that nobody takes half an output for a whole one. It has to be read
   * to its end.
   */
  readonly output: (stdout: Readable) => Promise<T>;
  /** What is thrown for an exit code other than 0; Fault `tool-failed` when not given. */
  readonly failure?: (end: ProcessEnd) => Error;
}

/** Runs external programs without a shell and waits for each. */
export interface ProcessRunner {
  /**
   * Resolves for every exit code; what a code means is the caller's to say.
   * @throws Fault `tool-missing`, `tool-failed` (killed by a signal or out of time); the signal's reason
   */
  run(command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult>;
  /**
   * Runs a program on streams, with bounded memory and without a time limit. It has ended, and so has
   * all it started, when this resolves or rejects.
   * @throws Fault `tool-missing`, `tool-failed`; what `output` throws; the error of `input`; the
   *   signal's reason
   */
  stream<T>(
    command: string,
    args: readonly string[],
    options: StreamOptions<T>,
  ): Promise<{ readonly value: T; readonly stderr: string }>;
}
