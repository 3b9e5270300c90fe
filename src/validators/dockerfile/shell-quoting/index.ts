import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';
import type { ShellCommand, ShellExpansion, ShellScript } from '../shell-script.ts';
import { numbersIn } from '../shell-values.ts';

/** Parameters that hold numbers or letters of options alone. */
const plain = /^[?#$!-]$/;

/** Words that a shell splits and matches with files, although one word is meant. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-quoting',
  title: 'Variables in commands are quoted',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A space or a star in the value makes several arguments of one, and a command works on other files than those meant.',
    messages: {
      variable: '{{text}} is split into words and matched with files',
      command: 'the output of a command is split into words and matched with files',
      'all-arguments': '{{text}} is split again: "$@" keeps each argument whole',
    },
    remediation:
      'Put double quotes around it; where several words are meant, say so in a comment that suppresses this.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN for one in a b; do touch /x/$one.txt; done && cp $(ls /x) /y\n',
      findings: [
        { messageId: 'variable', line: 2, column: 33 },
        { messageId: 'command', line: 2, column: 54 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN for one in a b; do touch "/x/$one.txt"; done\n',
      findings: [],
    },
    references: [
      'https://www.shellcheck.net/wiki/SC2086',
      'https://www.shellcheck.net/wiki/SC2046',
    ],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script, json, interpreter }) =>
      script && !json ? ofScript(target, script, splitsAssignments(interpreter)) : [],
    );
  },
};

/** To dash, arguments of export are words like others; bash takes them for assignments. */
const splitsAssignments = ([program = '']: readonly string[]): boolean => /\bsh$/.test(program);

function ofScript(target: Dockerfile, script: ShellScript, inExport: boolean): Draft[] {
  const numbers = numbersIn(script);
  return script.commands.flatMap((command) =>
    wordsOf(command, inExport).flatMap(({ expansions, text }) =>
      expansions.flatMap((one) => {
        const id = splits(one, numbers);
        if (id === undefined) return [];
        return [draftAt(target, one.place, id, id === 'command' ? {} : { text })];
      }),
    ),
  );
}

/** Arguments and targets of redirections; a command that is wholly a variable is meant to be several words. */
function wordsOf(
  { name: command, words, redirects, assignments }: ShellCommand,
  inExport: boolean,
) {
  const [name, ...rest] = words;
  const own = name && /^\$/.test(name.text) ? rest : words;
  // What echo prints is one line, whatever the number of words.
  const printed =
    command === 'echo' && words.length === 2 && words[1]?.expansions[0]?.kind === 'command';
  const exported = inExport && /^(?:export|readonly)$/.test(command) ? assignments : [];
  return [
    ...(printed ? [] : own),
    ...exported.flatMap(({ value }) => value ?? []),
    ...redirects.flatMap(({ target }) => target ?? []),
  ];
}

function splits(one: ShellExpansion, numbers: ReadonlySet<string>): string | undefined {
  if (one.quoted) return undefined;
  if (one.kind === 'command') return 'command';
  if (one.kind !== 'variable' || one.prefix === '#' || plain.test(one.name)) return undefined;
  if (one.name === '@' || one.name === '*') return 'all-arguments';
  // `${x:+--flag "$x"}` is written to give several words or none.
  if (one.operator.endsWith('+') || numbers.has(one.name)) return undefined;
  return 'variable';
}
