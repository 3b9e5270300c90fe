import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

/** Programs that do nothing for an image. */
const useless: ReadonlySet<string> = new Set([
  ...['free', 'kill', 'mount', 'ps', 'service', 'shutdown', 'ssh', 'top', 'vim', 'systemctl'],
]);

export const check: Check<Dockerfile> = {
  id: 'dockerfile/useless-command',
  title: 'Commands have an effect on the image',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A process that is started in a build ends with the instruction: a service that seems to be set up does not run in the container.',
    messages: { useless: '{{name}} has no effect on the image' },
    remediation: 'Leave it out; start programs in ENTRYPOINT or CMD.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN service nginx start\n',
      findings: [{ messageId: 'useless', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nCMD ["nginx", "-g", "daemon off;"]\n',
      findings: [],
    },
    references: ['https://github.com/hadolint/hadolint/wiki/DL3001'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name, words }) => useless.has(name) && !enables(name, words[1]?.value))
        .map(({ place, name }) => draftAt(target, place, 'useless', { name })),
    );
  },
};

/** systemctl writes links for an image that runs systemd. */
const enables = (name: string, verb: string | undefined): boolean =>
  name === 'systemctl' && /^(?:enable|disable|mask|set-default|unmask|--root.*)$/.test(verb ?? '');
