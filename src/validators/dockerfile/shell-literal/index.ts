import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt, shown } from '../drafts.ts';
import { runsOf } from '../packages.ts';
import type { ShellCommand, ShellWord } from '../shell-script.ts';

/** Signs that a shell takes otherwise than they look. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-literal',
  title: 'Signs mean to the shell what they look like',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The shell takes a backslash off before the program sees it, ends a text at the next quote, and hands braces on as they are: the program gets another pattern or another text than the one that was written.',
    messages: {
      escape: 'the program gets {{letter}} for \\{{letter}} in {{text}}',
      brace: 'the braces of {{text}} are letters like others',
      array: 'the brackets of {{text}} are letters behind a variable, and no index',
      tick: '{{text}} has an accent where a backtick may be meant',
      outside: 'part of {{text}} stands outside of its quotes',
    },
    remediation: 'Put quotes around the whole word, and braces around a name with an index.',
    bad: {
      language: 'dockerfile',
      text: "FROM alpine:3.22\nRUN grep \\d+ a && curl -w %{http_code} b\nRUN echo 'a'b'c'\n",
      findings: [
        { messageId: 'escape', line: 2, column: 10 },
        { messageId: 'brace', line: 2, column: 27 },
        { messageId: 'outside', line: 3, column: 10 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: "FROM alpine:3.22\nRUN grep '\\d+' a && curl -w '%{http_code}' b && find . -exec rm {} \\;\n",
      findings: [],
    },
    references: [
      'https://www.shellcheck.net/wiki/SC1001',
      'https://www.shellcheck.net/wiki/SC1083',
      'https://www.shellcheck.net/wiki/SC1087',
      'https://www.shellcheck.net/wiki/SC1077',
      'https://www.shellcheck.net/wiki/SC2026',
      'https://www.shellcheck.net/wiki/SC2140',
    ],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script, json }) =>
      json ? [] : (script?.commands ?? []).flatMap((command) => ofCommand(target, command)),
    );
  },
};

/** A name with a backslash in front is that of a program and not of an alias. */
const ofCommand = (target: Dockerfile, { words }: ShellCommand): Draft[] =>
  words.flatMap((word, index) => {
    const { text, place } = word;
    const said = { text: shown(text) };
    const letter = index === 0 ? undefined : escapedIn(word);
    return [
      ...(letter ? [draftAt(target, place, 'escape', { letter, ...said })] : []),
      ...(hasBraces(word) ? [draftAt(target, place, 'brace', said)] : []),
      ...(isIndexed(word) ? [draftAt(target, place, 'array', said)] : []),
      ...(text.includes('´') ? [draftAt(target, place, 'tick', said)] : []),
      ...(isInterrupted.test(text) ? [draftAt(target, place, 'outside', said)] : []),
    ];
  });

/** What stands outside of quotes and of what the shell fills in; nothing of words with commands in them. */
function bare({ text }: ShellWord): string {
  if (/`|\$\(|<\(|>\(/.test(text)) return '';
  return text.replaceAll(
    /\$?'[^']*'|\$?"(?:[^"\\]|\\.)*"|\$\{[^}]*\}|\$[$#?!@*-]|\\[^A-Za-z0-9]/gs,
    ' ',
  );
}

const escapedIn = (word: ShellWord): string | undefined => /\\([A-Za-z0-9])/.exec(bare(word))?.[1];

function hasBraces(word: ShellWord): boolean {
  const isFilled = word.expansions.some(({ kind }) => kind === 'brace');
  return !isFilled && /[{}]/.test(bare(word).replaceAll('{}', ''));
}

const isIndexed = ({ text, expansions }: ShellWord): boolean =>
  expansions.some(({ kind, prefix }) => kind === 'variable' && prefix === '') &&
  /^(?:[^']|'[^']*')*\$[A-Za-z_]\w*\[/.test(text);

/** Between two quoted texts, where the quotes may have been meant to be part of one; a sign alone joins two. */
const isInterrupted = /^(?:'[^']*'\w+'[^']*'|"[^"$`\\]*"(?![=:/]")[^\s"'$`\\]+"[^"$`\\]*")$/;
