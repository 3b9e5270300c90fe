import { systemClock } from '../adapters/clock/system.ts';
import type { Git } from '../adapters/git/git.ts';
import type { ProcessRunner } from '../adapters/process/process.ts';
import type { Prompt } from '../adapters/prompt/prompt.ts';
import type { Clock } from '../core/clock.ts';

/** The real systems. Each implementation is imported when a command first asks for it. */
export interface Adapters {
  readonly clock: Clock;
  processes(): Promise<ProcessRunner>;
  git(): Promise<Git>;
  prompt(): Promise<Prompt>;
}

export function realAdapters(): Adapters {
  const processes = async () =>
    (await import('../adapters/process/execa.ts')).createProcessRunner();
  return {
    clock: systemClock,
    processes,
    async git() {
      const { createGit } = await import('../adapters/git/command.ts');
      return createGit(await processes());
    },
    async prompt() {
      const { createPrompt } = await import('../adapters/prompt/terminal.ts');
      return createPrompt({ input: process.stdin, output: process.stderr });
    },
  };
}
