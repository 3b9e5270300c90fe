import type { Check } from '../../../core/check.ts';
import { type Dockerfile, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

const single = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'] as const;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/single-instruction',
  title: 'One CMD, ENTRYPOINT and HEALTHCHECK in a stage',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Only the last one of a stage counts, so what the earlier one was written for does not run.',
    messages: {
      cmd: 'another CMD follows in line {{line}}, so this one has no effect',
      entrypoint: 'another ENTRYPOINT follows in line {{line}}, so this one has no effect',
      healthcheck: 'another HEALTHCHECK follows in line {{line}}, so this one has no effect',
    },
    remediation: 'Keep the one that is meant.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nCMD ["a"]\nCMD ["b"]\n',
      findings: [{ messageId: 'cmd', line: 2, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22 AS a\nCMD ["a"]\nFROM a\nCMD ["b"]\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/',
    ],
  },
  run({ target }) {
    return target.stages.flatMap(({ instructions }) =>
      single.flatMap((keyword) => {
        const all = ofKeyword(instructions, keyword);
        const last = all.at(-1)?.place.line ?? 0;
        return all
          .slice(0, -1)
          .map(({ place }) => draftAt(target, place, keyword.toLowerCase(), { line: last }));
      }),
    );
  },
};
