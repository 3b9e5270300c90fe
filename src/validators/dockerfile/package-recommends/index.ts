import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { added, fixOf } from '../fix.ts';
import { type PackageCall, packageCallsOf } from '../packages.ts';

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
    messages: { recommends: '{{manager}} install takes recommended packages, too' },
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
      .filter(({ manager, verb }) => /^apt(?:-get)?$/.test(manager) && verb === 'install')
      .filter(({ options }) => !options.some((option) => leavesOut.test(option)))
      .map((call) => ({
        ...draftAt(target, call.command.place, 'recommends', { manager: call.manager }),
        fix: leavingOut(target, call),
      }));
  },
};

const leavesOut = /^--no-install-recommends$|^(?:-o)?APT::Install-Recommends=(?:false|0|no)$/i;

const answer = /^(?:-[a-zA-Z]*[yq][a-zA-Z]*|--yes|--assume-yes)$/;

/** Behind the verb, and the answer that people write first. */
function leavingOut(target: Dockerfile, { command: { words }, verbWord }: PackageCall) {
  if (!verbWord) return undefined;
  const next = words[words.indexOf(verbWord) + 1];
  const before = next && answer.test(next.text) ? next : verbWord;
  return fixOf('give it --no-install-recommends, which leaves out what nobody named', [
    added(target, before, ' --no-install-recommends'),
  ]);
}
