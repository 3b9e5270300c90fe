import { confirm, select } from '@inquirer/prompts';
import { Fault } from '../../core/fault.ts';
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
      return select({ message: question, choices: options }, { ...streams, signal });
    },
    async confirm(question, flag, signal) {
      requireTerminal(question, flag);
      return confirm({ message: question, default: false }, { ...streams, signal });
    },
  };
}
