import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/maintainer',
  title: 'Authors are a label',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'MAINTAINER is deprecated, and nothing that reads labels sees it.',
    messages: { deprecated: 'MAINTAINER is deprecated' },
    remediation: 'Write LABEL org.opencontainers.image.authors="…" instead.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nMAINTAINER team@example.com\n',
      findings: [{ messageId: 'deprecated', line: 2, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nLABEL org.opencontainers.image.authors="team@example.com"\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/maintainer-deprecated/'],
  },
  run({ target }) {
    return target.instructions
      .filter(({ keyword }) => keyword === 'MAINTAINER')
      .map((one) => ({
        ...draftAt(target, one.place, 'deprecated'),
        fix: fixOf(target, one),
      }));
  },
};

function fixOf({ file }: Dockerfile, { place, lastLine, body }: Instruction) {
  if (lastLine !== place.line || /["\\$`]/.test(body.text) || body.text === '') return undefined;
  const to = body.place(body.text.length);
  const text = `LABEL org.opencontainers.image.authors="${body.text}"`;
  return { description: 'write MAINTAINER as a label', edits: [{ file, from: place, to, text }] };
}
