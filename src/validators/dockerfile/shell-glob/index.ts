import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt, shown } from '../drafts.ts';
import { runsOf } from '../packages.ts';
import type { ShellCommand } from '../shell-script.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-glob',
  title: 'No file name becomes an option',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A pattern that begins with a star fits a file whose name begins with a dash, and the command takes that for an option.',
    messages: { pattern: 'a name that {{text}} fits may begin with a dash' },
    remediation: 'Write ./* or put -- before the pattern.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN rm -f *.txt\n',
      findings: [{ messageId: 'pattern', line: 2, column: 11 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN rm -f ./*.txt && rm -- *.log\n',
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2035'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script, json }) =>
      json ? [] : (script?.commands ?? []).flatMap((command) => ofCommand(target, command)),
    );
  },
};

/** These print what they are given, whatever it begins with. */
const prints = /^(?:echo|printf)$/;

function ofCommand(target: Dockerfile, { name, words }: ShellCommand): Draft[] {
  if (prints.test(name)) return [];
  const end = words.findIndex(({ text }) => text === '--');
  return words
    .slice(1, end === -1 ? undefined : end)
    .filter(
      ({ text, expansions }) =>
        /^[*?]/.test(text) && expansions.some(({ kind }) => kind === 'glob'),
    )
    .map(({ text, place }) => draftAt(target, place, 'pattern', { text: shown(text) }));
}
