import type { Check } from '../../../core/check.ts';
import { type Dockerfile, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
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
    return target.stages.flatMap(({ instructions }) => {
      const chosen = ofKeyword(instructions, 'SHELL');
      return (
        ofKeyword(instructions, 'CMD', 'ENTRYPOINT')
          .filter(({ json, body }) => !json && body.text !== '')
          // Who names a shell in the stage wants one.
          .filter((one) => !chosen.some(({ place }) => place.line < one.place.line) && !execs(one))
          .map(({ place, keyword }) => draftAt(target, place, 'shell', { keyword }))
      );
    });
  },
};

/** `exec` puts the program in the place of the shell. */
const execs = ({ body }: Instruction): boolean => /(?:^|[;&|]\s*)exec\s/.test(body.text);
