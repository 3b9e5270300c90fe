import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { packageCallsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/package-recommends',
  title: 'Only what was asked for is installed',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Recommended packages double an image, and each of them has holes of its own.',
    messages: { recommends: 'apt-get install takes recommended packages, too' },
    remediation: 'Give it --no-install-recommends, and name what is really needed.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get install -y curl\n',
      findings: [{ messageId: 'recommends', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get install -y --no-install-recommends curl\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  },
  run({ target }) {
    return packageCallsOf(target.instructions)
      .filter(({ manager, verb }) => manager === 'apt-get' && verb === 'install')
      .filter(({ options }) => !options.some((option) => leavesOut.test(option)))
      .map(({ command }) => draftAt(target, command.place, 'recommends'));
  },
};

const leavesOut = /^--no-install-recommends$|^(?:-o)?APT::Install-Recommends=(?:false|0|no)$/i;
