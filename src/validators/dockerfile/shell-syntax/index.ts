import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-syntax',
  title: 'A shell can read what RUN says',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The shell refuses the whole command line, so the build fails, and a CMD like that keeps the container from starting.',
    messages: { error: 'the shell cannot read {{keyword}}: {{problem}}' },
    remediation: 'Mend quotes, brackets and keywords; `sh -n` says the same.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN if true; then echo a\n',
      findings: [{ messageId: 'error', line: 2, column: 25 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN if true; then echo a; fi\n',
      findings: [],
    },
    references: [
      'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_10',
    ],
  },
  run({ target }) {
    return target.instructions.flatMap(({ keyword, script }) =>
      // One mistake makes others.
      (script?.problems ?? [])
        .slice(0, 1)
        .map(({ message, place }) =>
          draftAt(target, place, 'error', { keyword, problem: message }),
        ),
    );
  },
};
