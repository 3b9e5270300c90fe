import type { ExitCode } from './exit.ts';

export type InterruptionKind = 'SIGINT' | 'SIGTERM' | 'timeout';

/** The reason an AbortSignal carries when a person, the system or `--timeout` ends the run. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly kind: InterruptionKind;

  constructor(kind: InterruptionKind) {
    super(kind === 'timeout' ? 'the time given with --timeout passed' : `received ${kind}`);
    this.kind = kind;
  }

  get exit(): ExitCode {
    return ({ SIGINT: 130, SIGTERM: 143, timeout: 5 } as const)[this.kind];
  }
}
