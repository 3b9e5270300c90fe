import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { replacing } from '../fix.ts';
import { packageCallsOf } from '../packages.ts';

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
    return packageCallsOf(target.instructions)
      .filter(({ manager }) => manager === 'apt')
      .map(({ command: { place, words }, verb }) => {
        const [name] = words;
        const fix =
          name && same.test(verb) && !/["'\\]/.test(name.text)
            ? replacing(target, name, `${name.text}-get`)
            : undefined;
        return { ...draftAt(target, place, 'apt'), fix };
      });
  },
};

/** What apt-get does in the same way; upgrade, for one, installs new packages with apt alone. */
const same =
  /^(?:autoclean|autoremove|build-dep|clean|download|install|purge|remove|source|update)$/;
