import type { Check } from '../../../core/check.ts';
import { type Dockerfile, lineage, ofKeyword, type Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { fixOf, replaced } from '../fix.ts';
import type { Instruction } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/exec-form',
  title: 'The process gets its signals',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'In shell form a shell is the first process and hands no SIGTERM on: every stop waits for the grace period and then kills, and requests on their way are lost.',
    messages: { shell: '{{keyword}} is run by a shell, which hands no signals on' },
    remediation:
      'Write a JSON list. Where a shell is needed, end its command with `exec`, or say which shell with SHELL.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nENTRYPOINT /app/server --port 8080\n',
      findings: [{ messageId: 'shell', line: 2, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nENTRYPOINT ["/app/server", "--port", "8080"]\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/json-args-recommended/',
      'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
    ],
  },
  run({ target }) {
    return target.stages.flatMap((stage) => {
      const { instructions } = stage;
      // The configuration of an earlier stage, its shell among it, is that of the image that it begins.
      const chosen = lineage(stage).flatMap((one) => ofKeyword(one.instructions, 'SHELL'));
      return (
        ofKeyword(instructions, 'CMD', 'ENTRYPOINT')
          .filter(({ json, body }) => !json && body.text !== '')
          // Who names a shell wants one.
          .filter((one) => !chosen.some(({ place }) => place.line < one.place.line) && !execs(one))
          .map((one) => ({
            ...draftAt(target, one.place, 'shell', { keyword: one.keyword }),
            fix: asList(target, stage, one),
          }))
      );
    });
  },
};

/** `exec` puts the program in the place of the shell. */
const execs = ({ body }: Instruction): boolean => /(?:^|[;&|]\s*)exec\s/.test(body.text);

/** Words that a shell takes as they are, the first of which is no assignment. */
const plainWords = /^[\w./:@%,+-]+(?:[ \t]+[\w./:=@%,+-]+)*$/;

/** What a shell does itself, so that there need be no program of that name (POSIX.1-2024, XCU 2.4, 2.9.1 and 2.15). */
const shellOwn = new Set([
  ...[
    '.',
    ':',
    'alias',
    'bg',
    'break',
    'case',
    'cd',
    'command',
    'continue',
    'eval',
    'exec',
    'exit',
  ],
  ...['export', 'fc', 'fg', 'for', 'function', 'getopts', 'hash', 'if', 'jobs', 'let', 'local'],
  ...['read', 'readonly', 'return', 'select', 'set', 'shift', 'shopt', 'source', 'time', 'times'],
  ...['trap', 'type', 'ulimit', 'umask', 'unalias', 'unset', 'until', 'wait', 'while'],
]);

/**
 * The list that means the same, as far as the file tells: what CMD says is arguments where there is an
 * ENTRYPOINT, and one in shell form takes none.
 */
function asList(target: Dockerfile, stage: Stage, { keyword, body, script }: Instruction) {
  const words = body.text.split(/[ \t]+/);
  const isPlain = plainWords.test(body.text) && !shellOwn.has(words[0] ?? '');
  if (!isPlain || !script || target.escapeSign !== '\\') return undefined;
  const others =
    keyword === 'CMD'
      ? lineage(stage).flatMap(({ instructions }) => ofKeyword(instructions, 'ENTRYPOINT'))
      : target.stages
          .filter((one) => lineage(one).includes(stage))
          .flatMap(({ instructions }) => ofKeyword(instructions, 'CMD'));
  if (others.length > 0) return undefined;
  const list = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  const shell = { text: body.text, place: body.place(0) };
  return fixOf(`write ${keyword} as a list`, [replaced(target, shell, list)]);
}
