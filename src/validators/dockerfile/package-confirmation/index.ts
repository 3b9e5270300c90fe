import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { added, fixOf } from '../fix.ts';
import { type PackageCall, packageCallsOf } from '../packages.ts';

/** What each manager takes for "do not ask". */
const yes: Readonly<Record<string, RegExp>> = {
  'apt-get':
    /^(?:-[a-zA-Z]*y[a-zA-Z]*|--yes|--assume-yes|-qq|-[a-zA-Z]*q[a-zA-Z]*q[a-zA-Z]*|-q=[2-9])$/,
  apt: /^(?:-[a-zA-Z]*y[a-zA-Z]*|--yes|--assume-yes|-qq)$/,
  yum: /^(?:-[a-zA-Z]*y[a-zA-Z]*|--assumeyes)$/,
  dnf: /^(?:-[a-zA-Z]*y[a-zA-Z]*|--assumeyes)$/,
  zypper: /^(?:-[a-zA-Z]*[ny][a-zA-Z]*|--non-interactive|--no-confirm)$/,
};
const asking: Readonly<Record<string, RegExp>> = {
  'apt-get': /^(?:install|upgrade|dist-upgrade|remove|purge|autoremove)$/,
  apt: /^(?:install|upgrade|full-upgrade|remove|purge|autoremove)$/,
  yum: /^(?:install|groupinstall|localinstall|reinstall|update|upgrade|remove)$/,
  dnf: /^(?:install|groupinstall|localinstall|reinstall|update|upgrade|remove)$/,
  zypper: /^(?:install|in|remove|rm|source-install|si|patch|update|up)$/,
};

export const check: Check<Dockerfile> = {
  id: 'dockerfile/package-confirmation',
  title: 'Package managers ask nothing',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Nobody answers in a build, so the question ends it as a no.',
    messages: {
      'apt-get': 'apt-get {{verb}} asks before it goes on; give it -y',
      apt: 'apt {{verb}} asks before it goes on; give it -y',
      yum: 'yum {{verb}} asks before it goes on; give it -y',
      dnf: 'dnf {{verb}} asks before it goes on; give it -y',
      zypper: 'zypper {{verb}} asks before it goes on; give it --non-interactive',
    },
    remediation: 'Give the option that answers yes.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get install curl\n',
      findings: [{ messageId: 'apt-get', line: 2, column: 23 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  },
  run({ target }) {
    return packageCallsOf(target.instructions)
      .filter((call) => asks(call))
      .map((call) => ({
        ...draftAt(target, call.command.place, call.manager, { verb: call.verb }),
        fix: answering(target, call),
      }));
  },
};

function asks({ manager, verb, options, command }: PackageCall): boolean {
  const [wanted, answer] = [asking[manager], yes[manager]];
  if (!wanted?.test(verb) || !answer) return false;
  // `yes | apt-get install` answers, and so does a variable that may hold the option.
  const unknown = command.words.some(({ text }) => /^"?\$\{?\w*(?:opt|arg|flag)/i.test(text));
  return !unknown && !options.some((option) => answer.test(option));
}

/** zypper takes its option in front of the verb alone, whatever the verb is. */
function answering(target: Dockerfile, { manager, command, verbWord }: PackageCall) {
  const [before, option] =
    manager === 'zypper' ? [command.words[0], '--non-interactive'] : [verbWord, '-y'];
  return before && fixOf(`give it ${option}`, [added(target, before, ` ${option}`)]);
}
