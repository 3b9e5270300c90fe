import type { Check } from '../../../core/check.ts';
import { isReferenceProblem, readReference } from '../../../core/reference.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/base-image-digest',
  title: 'Base images are pinned by digest',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Even a full version is pushed again, with other packages in it; only a digest names the same bytes for ever.',
    messages: { mutable: 'the base image {{image}} has no digest' },
    remediation: 'Write the digest behind the tag, and let a bot renew both.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\n',
      findings: [{ messageId: 'mutable', line: 1, column: 6 }],
    },
    good: {
      language: 'dockerfile',
      text: `FROM alpine:3.22@sha256:${'4bcff63911fcb4448bd4fdacec207030'.repeat(2)}\n`,
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
  },
  run({ target }) {
    return target.stages.flatMap(({ parent, image, from: { words } }) => {
      const [base] = words;
      if (!base || parent || image === undefined || image === 'scratch') return [];
      const reference = readReference(image);
      const pinned = isReferenceProblem(reference) || reference.digest !== undefined;
      return pinned ? [] : [draftAt(target, base.place, 'mutable', { image })];
    });
  },
};
