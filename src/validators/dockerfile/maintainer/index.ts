import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { fixOf, inCaseOf, replaced } from '../fix.ts';
import type { Instruction } from '../instruction.ts';

const label = 'org.opencontainers.image.authors';

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
        fix: labelled(target, one),
      }));
  },
};

/** Only a text that means the same between quotes, and where no label says it already. */
function labelled(target: Dockerfile, { written, place, body }: Instruction) {
  const isSaid = target.instructions.some(
    ({ keyword, pairs }) =>
      keyword === 'LABEL' && pairs.some(({ name }) => name.value.toLowerCase() === label),
  );
  if (isSaid || /["\\$`]/.test(body.text) || body.text === '') return undefined;
  const name = { text: body.text, place: body.place(0) };
  return fixOf('write MAINTAINER as a label', [
    replaced(target, { text: written, place }, inCaseOf(written, 'LABEL')),
    replaced(target, name, `${label}="${body.text}"`),
  ]);
}
