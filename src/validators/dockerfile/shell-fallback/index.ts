import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-fallback',
  title: 'What runs otherwise does not run after a failure',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'In `a && b || c` the last command runs also when `a` worked and `b` failed: the build goes on with what was meant for another case.',
    messages: { either: 'this runs when either of the two commands before it fails' },
    remediation: 'Write if … then … else … fi.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN [ -f setup.sh ] && ./setup.sh || ./default.sh\n',
      findings: [{ messageId: 'either', line: 2, column: 38 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN if [ -f setup.sh ]; then ./setup.sh; else ./default.sh; fi\n',
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2015'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.fallbacks ?? []).map((place) => draftAt(target, place, 'either')),
    );
  },
};
