import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/apt-command',
  title: 'Scripts use apt-get',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'apt is for people: what it prints and how it behaves may change between versions.',
    messages: { apt: 'apt is for people; its interface is not stable' },
    remediation: 'Use apt-get or apt-cache.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt install -y curl\n',
      findings: [{ messageId: 'apt', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get install -y curl\n',
      findings: [],
    },
    references: ['https://manpages.debian.org/apt.8'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name }) => name === 'apt')
        .map(({ place }) => draftAt(target, place, 'apt')),
    );
  },
};
