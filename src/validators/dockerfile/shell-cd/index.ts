import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-cd',
  title: 'What follows a cd runs only where it worked',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'When the folder is not there the commands after it run in another one: `cd /build; rm -rf *` deletes what it should not.',
    messages: { unchecked: 'what follows {{command}} runs although it failed' },
    remediation: 'Write `cd … &&`, or begin with `set -e`.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN cd /src; make\n',
      findings: [{ messageId: 'unchecked', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN cd /src && make\n',
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2164'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap((run) => {
      if (stops(run)) return [];
      return (
        (run.script?.commands ?? [])
          .filter(
            ({ name, isChecked, words }) => changes.test(name) && !isChecked && words.length > 1,
          )
          // These are always there.
          .filter(({ words }) => !/^(?:\/|\.{1,2}(?:\/\.{1,2})*\/?|-)$/.test(words[1]?.value ?? ''))
          .map(({ place, words }) => {
            const command = words
              .map(({ text }) => text)
              .join(' ')
              .slice(0, 80);
            return draftAt(target, place, 'unchecked', { command });
          })
      );
    });
  },
};

const changes = /^(?:cd|pushd|popd)$/;

/** The shell ends with the first failure: `set -e`, or `-e` in SHELL. */
function stops({ interpreter, script }: Instruction): boolean {
  const ends = (word: string) => /^-[a-z]*e/.test(word);
  return (
    interpreter.slice(1).some(ends) ||
    (script?.commands ?? []).some(
      ({ name, words }) =>
        name === 'set' &&
        words.some(({ text }, at) => at > 0 && (ends(text) || text === 'errexit')),
    )
  );
}
