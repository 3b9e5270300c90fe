import { confirm, select } from '@inquirer/prompts';
import { Fault } from '../../core/fault.ts';
import { Interruption } from '../../core/interruption.ts';
import type { Prompt } from './prompt.ts';

export function createPrompt(terminal: {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}): Prompt {
  const requireTerminal = (question: string, flag: string): void => {
    if (terminal.input.isTTY && terminal.output.isTTY) return;
    throw new Fault('terminal-required', `'${question}' has to be answered; give ${flag}`);
  };
  const streams = { input: terminal.input, output: terminal.output };
  return {
    async choose(question, choices, flag, signal) {
      requireTerminal(question, flag);
      const options = choices.map(({ value, title }) => ({ value, name: title }));
      return answered(
        select({ message: question, choices: options }, { ...streams, signal }),
        signal,
      );
    },
    async confirm(question, flag, signal) {
      requireTerminal(question, flag);
      const asked = confirm({ message: question, default: false }, { ...streams, signal });
      return answered(asked, signal);
    },
  };
}

/** While a question is open the terminal hands over Ctrl-C as a key, and the library as an error. */
async function answered<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new Interruption('SIGINT');
    throw error;
  }
}
