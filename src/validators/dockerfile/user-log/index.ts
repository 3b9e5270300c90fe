import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { added, fixOf } from '../fix.ts';
import { runsOf } from '../packages.ts';
import { hasOption, type ShellCommand } from '../shell-script.ts';

/** Above it the sparse file that useradd writes is a burden; small numbers cost nothing. */
const highest = 60_000;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/user-log',
  title: 'A high uid does not blow up the image',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'useradd writes the logs of failed logins up to the number of the user, and an image keeps the holes of that file as zeros: gigabytes for a high uid.',
    messages: { log: 'useradd with the uid {{uid}} and without --no-log-init makes a huge file' },
    remediation: 'Give useradd the option --no-log-init (-l).',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN useradd -u 1000620000 app\n',
      findings: [{ messageId: 'log', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN useradd -l -u 1000620000 app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#user'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? []).flatMap((command) => {
        if (command.name !== 'useradd' || hasOption(command, '-l', '--no-log-init')) return [];
        const uid = uidOf(command);
        if (uid <= highest) return [];
        const [name] = command.words;
        const fix = name && fixOf('give it --no-log-init', [added(target, name, ' --no-log-init')]);
        return [{ ...draftAt(target, command.place, 'log', { uid }), fix }];
      }),
    );
  },
};

function uidOf({ words }: ShellCommand): number {
  const values = words.map(({ value }) => value ?? '');
  const at = values.findIndex((value) => /^(?:-[a-zA-Z]*u|--uid)$/.test(value));
  const joined = values.find((value) => /^--uid=/.test(value))?.slice('--uid='.length);
  return Number(at === -1 ? (joined ?? 0) : values[at + 1]) || 0;
}
