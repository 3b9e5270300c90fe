import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';
import { hasOption } from '../shell-script.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/download-progress',
  title: 'Downloads do not fill the log',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'wget prints a line for each 50 kB, and the message that matters is lost among them.',
    messages: { bar: 'wget prints its progress into the log' },
    remediation: 'Give it --progress=dot:giga, -q or -nv.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN wget https://example.com/tool\n',
      findings: [{ messageId: 'bar', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN wget --progress=dot:giga https://example.com/tool\n',
      findings: [],
    },
    references: ['https://github.com/hadolint/hadolint/wiki/DL3047'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name }) => name === 'wget')
        .filter((command) => !hasOption(command, ...quiet) && !says(command.words))
        .map(({ place }) => draftAt(target, place, 'bar')),
    );
  },
};

const quiet = [
  '-q',
  '--quiet',
  '-nv',
  '--no-verbose',
  '-o',
  '--output-file',
  '-a',
  '--append-output',
];
const says = (words: readonly { readonly text: string }[]): boolean =>
  words.some(({ text }) => /^--(?:progress|version|help)\b/.test(text));
