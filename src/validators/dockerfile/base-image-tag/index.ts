import type { Check } from '../../../core/check.ts';
import { isReferenceProblem, readReference } from '../../../core/reference.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/base-image-tag',
  title: 'Base images have a version',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The same Dockerfile gives another image tomorrow, so a fix cannot be built on what was tested, and a rollback cannot be built at all.',
    messages: {
      untagged: 'the base image {{image}} has no tag, which means latest',
      latest: 'the base image {{image}} has the tag latest, which moves',
    },
    remediation: 'Name a version, best with a digest behind it.',
    bad: {
      language: 'dockerfile',
      text: 'FROM node AS build\nFROM alpine:latest\n',
      findings: [
        { messageId: 'untagged', line: 1, column: 6 },
        { messageId: 'latest', line: 2, column: 6 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'ARG NODE=24.4.1\nFROM node:$NODE AS build\nFROM build\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
  },
  run({ target }) {
    return target.stages.flatMap(({ parent, image, from }) => {
      const [base] = from.words;
      if (!base || parent || image === undefined || image === 'scratch') return [];
      const reference = readReference(image);
      // A reference that is none fails the build by itself.
      if (isReferenceProblem(reference) || reference.digest !== undefined) return [];
      if (reference.tag === undefined) return [draftAt(target, base.place, 'untagged', { image })];
      return reference.tag === 'latest' ? [draftAt(target, base.place, 'latest', { image })] : [];
    });
  },
};
