import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { packageCallsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/distribution-upgrade',
  title: 'The distribution is not replaced in a build',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Packages go and others come in ways that depend on the day, so the image is no longer what the base image was tested as.',
    messages: {
      apt: '{{manager}} {{verb}} may remove packages of the base image',
      zypper: 'zypper {{verb}} may remove packages of the base image',
    },
    remediation: 'Take a newer base image; `apt-get upgrade` takes security fixes alone.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get -y dist-upgrade\n',
      findings: [{ messageId: 'apt', line: 2, column: 23 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get -y upgrade\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  },
  run({ target }) {
    return packageCallsOf(target.instructions)
      .filter(({ verb }) => /^(?:dist-upgrade|full-upgrade|dup)$/.test(verb))
      .filter(({ manager }) => /^(?:apt-get|apt|aptitude|zypper)$/.test(manager))
      .map(({ command, manager, verb }) =>
        manager === 'zypper'
          ? draftAt(target, command.place, 'zypper', { verb })
          : draftAt(target, command.place, 'apt', { manager, verb }),
      );
  },
};
