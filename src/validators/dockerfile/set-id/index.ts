import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { flagOf, type Instruction } from '../instruction.ts';
import { operandsOf } from '../shell-script.ts';

/** chmod and `--chmod` that set a setuid or setgid bit, and setcap, which gives the same by other means. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/set-id',
  title: 'No program gets the rights of another user',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Whoever takes over the process becomes root with a setuid program, whatever user the image runs as.',
    messages: {
      bit: '{{what}} sets a setuid or setgid bit',
      capability: '{{what}} gives a program capabilities of root',
    },
    remediation: 'Leave the bit out, and let the container have allowPrivilegeEscalation: false.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN chmod 4755 /usr/local/bin/helper\n',
      findings: [{ messageId: 'bit', line: 2, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN chmod 0755 /usr/local/bin/helper && chmod u-s,g-s /bin/su\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/engine/security/#linux-kernel-capabilities',
      'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    ],
  },
  run({ target }) {
    return target.instructions.flatMap((instruction) => [
      ...ofCommands(target, instruction),
      ...(isSetId(flagOf(instruction, 'chmod') ?? '')
        ? [draftAt(target, instruction.place, 'bit', { what: '--chmod' })]
        : []),
    ]);
  },
};

function ofCommands(target: Dockerfile, { keyword, script, place }: Instruction) {
  if (keyword !== 'RUN') return [];
  return (script?.commands ?? []).flatMap((command) => {
    const what = command.words
      .map(({ text }) => text)
      .join(' ')
      .slice(0, 80);
    const [first, second] = operandsOf(command);
    const mode = command.name === 'install' ? modeOfInstall(command.words) : first?.value;
    const sets = (command.name === 'chmod' || command.name === 'install') && isSetId(mode ?? '');
    if (sets) return [draftAt(target, place, 'bit', { what })];
    const gives = command.name === 'setcap' && second !== undefined;
    // With this one alone a program listens on a port below 1024.
    const harmless = /^cap_net_bind_service[=+]/i.test(first?.value ?? '');
    return gives && !harmless ? [draftAt(target, place, 'capability', { what })] : [];
  });
}

function modeOfInstall(words: readonly { readonly value: string | undefined }[]) {
  const values = words.map(({ value }) => value ?? '');
  const at = values.findIndex((value) => value === '-m' || value === '--mode');
  return at === -1
    ? values.find((value) => value.startsWith('--mode='))?.slice('--mode='.length)
    : values[at + 1];
}

/** 4755, 02755, u+s, ug=rws; 1777 is the sticky bit of a folder. */
const isSetId = (mode: string): boolean =>
  /^0?[2-7][0-7]{3}$/.test(mode) ||
  mode.split(',').some((part) => /^[ugoa]*[+=][rwxXt]*s/.test(part));
