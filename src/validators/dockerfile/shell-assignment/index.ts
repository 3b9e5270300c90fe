import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt, shown } from '../drafts.ts';
import { runsOf } from '../packages.ts';
import type { ShellCommand } from '../shell-script.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-assignment',
  title: 'What looks like an assignment is one',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'With a dollar sign or a space in it an assignment is the name of a program that is not there, or gives the variable another value, and the build goes on with that.',
    messages: {
      dollar: '{{text}} runs a program of that name: a variable gets its value without the sign',
      spaces: 'the spaces around = make a program of {{name}}',
      comparison: '{{name}} gets a value that begins with an equals sign',
      empty: '{{name}} is empty, and that for {{command}} alone',
    },
    remediation:
      "Write NAME=value without spaces; compare in [ … ]; write NAME='' where nothing is meant.",
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN version = 1 && $major=1 && minor==2\nRUN patch= make\n',
      findings: [
        { messageId: 'spaces', line: 2, column: 5 },
        { messageId: 'dollar', line: 2, column: 20 },
        { messageId: 'comparison', line: 2, column: 32 },
        { messageId: 'empty', line: 3, column: 5 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN version=1 && [ "$version" = 1 ] && patch=\'\' make\n',
      findings: [],
    },
    references: [
      'https://www.shellcheck.net/wiki/SC1066',
      'https://www.shellcheck.net/wiki/SC1068',
      'https://www.shellcheck.net/wiki/SC1097',
      'https://www.shellcheck.net/wiki/SC1007',
    ],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script, json }) =>
      json ? [] : (script?.commands ?? []).flatMap((command) => ofCommand(target, command)),
    );
  },
};

function ofCommand(target: Dockerfile, { name, words, assignments }: ShellCommand): Draft[] {
  const [first, second] = words;
  const drafts = assignments.flatMap(({ name: variable, value, place }): Draft[] => {
    if (value?.text.startsWith('=')) {
      return [draftAt(target, place, 'comparison', { name: variable })];
    }
    // What IFS= before read means is well known.
    const isMeant = value?.text !== '' || first === undefined || variable === 'IFS';
    if (isMeant || isDeclaring.test(name)) return [];
    const data = { name: variable, command: shown(first.text) };
    return [{ ...draftAt(target, place, 'empty', data), severity: 'info' }];
  });
  if (!first) return drafts;
  if (/^\$\{?[A-Za-z_]\w*\}?=/.test(first.text)) {
    drafts.push(draftAt(target, first.place, 'dollar', { text: shown(first.text) }));
  }
  if (/^[A-Za-z_]\w*$/.test(first.text) && second?.text.startsWith('=') && !compares.test(name)) {
    drafts.push(draftAt(target, first.place, 'spaces', { name: first.text }));
  }
  return drafts;
}

const isDeclaring = /^(?:export|declare|typeset|local|readonly)$/;

/** Programs that take an equals sign as a word. */
const compares = /^(?:test|expr|echo|printf)$/;
