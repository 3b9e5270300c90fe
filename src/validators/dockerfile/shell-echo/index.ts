import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

/** What POSIX leaves open of echo: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/echo.html */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-echo',
  title: 'What echo prints is the same in every shell',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The echo of dash makes a new line of \\n, those of bash and BusyBox print two signs: the same RUN writes another file on another base image.',
    messages: { escape: 'shells differ in what echo makes of {{sign}}' },
    remediation: "Use printf: `printf '%s\\n' one two`.",
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN echo "one\\ntwo" > /etc/list\n',
      findings: [{ messageId: 'escape', line: 2, column: 10 }],
    },
    good: {
      language: 'dockerfile',
      text: "FROM alpine:3.22\nRUN printf 'one\\ntwo\\n' > /etc/list\n",
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2028'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script, json }) =>
      json
        ? []
        : (script?.commands ?? [])
            // With an option the rule about bashisms speaks.
            .filter(({ name, words }) => name === 'echo' && !/^-\w*e/i.test(words[1]?.text ?? ''))
            .flatMap(({ words }) =>
              words.slice(1).flatMap(({ value, text, place }) => {
                const [sign] = /\\[abcfnrtv]/.exec(value ?? text) ?? [];
                return sign === undefined ? [] : [draftAt(target, place, 'escape', { sign })];
              }),
            ),
    );
  },
};
