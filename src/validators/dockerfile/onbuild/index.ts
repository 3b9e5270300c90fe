import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

const refused = new Set(['ONBUILD', 'FROM', 'MAINTAINER']);

export const check: Check<Dockerfile> = {
  id: 'dockerfile/onbuild',
  title: 'ONBUILD triggers what it may',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The build of whoever uses the image as a base fails, or the build of the image itself.',
    messages: { refused: 'ONBUILD cannot trigger {{keyword}}' },
    remediation: 'Take the instruction out of ONBUILD.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nONBUILD FROM alpine:3.22\n',
      findings: [{ messageId: 'refused', line: 2, column: 9 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nONBUILD COPY . /app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#onbuild-limitations'],
  },
  run({ target }) {
    return target.instructions
      .filter(({ onBuild, keyword }) => onBuild && refused.has(keyword))
      .map(({ place, keyword }) => draftAt(target, place, 'refused', { keyword }));
  },
};
