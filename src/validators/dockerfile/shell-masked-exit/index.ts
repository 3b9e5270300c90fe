import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-masked-exit',
  title: 'A failure within export ends the build',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The exit code is that of export, which always works: a command in it may fail, and the build goes on with an empty variable.',
    messages: { masked: 'a failure of the command that gives {{name}} its value goes unnoticed' },
    remediation: 'Assign first and export then: `x=$(…) && export x`.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN export VERSION=$(cat version) && ./build.sh\n',
      findings: [{ messageId: 'masked', line: 2, column: 12 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN VERSION=$(cat version) && export VERSION && ./build.sh\n',
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2155'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name }) => /^(?:export|declare|typeset|local|readonly)$/.test(name))
        .flatMap(({ assignments }) =>
          assignments
            .filter(({ value }) => value?.expansions.some(({ kind }) => kind === 'command'))
            .map(({ name, place }) => draftAt(target, place, 'masked', { name })),
        ),
    );
  },
};
