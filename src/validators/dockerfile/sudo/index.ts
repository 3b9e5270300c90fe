import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/sudo',
  title: 'No sudo in a build',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'sudo in an image is a way to root for whoever takes over the process, and changes variables and signals of what it runs.',
    messages: { sudo: 'RUN uses sudo' },
    remediation: 'Set USER root for these instructions and another USER after them.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN sudo apt-get update\n',
      findings: [{ messageId: 'sudo', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nUSER root\nRUN apt-get update\nUSER 10001\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#user'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name }) => name === 'sudo')
        .map(({ place }) => draftAt(target, place, 'sudo')),
    );
  },
};
