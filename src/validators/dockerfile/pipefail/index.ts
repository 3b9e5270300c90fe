import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/pipefail',
  title: 'A failure before a pipe ends the build',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Only the last command of a pipe counts: when the download before it fails the build goes on, with an empty file in the image.',
    messages: { pipe: 'a failure before this pipe goes unnoticed' },
    remediation:
      'Write SHELL ["/bin/bash", "-o", "pipefail", "-c"] (/bin/ash in Alpine), or `set -o pipefail` in the RUN.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN curl -fsSL https://example.com/a.tgz | tar -xz\n',
      findings: [{ messageId: 'pipe', line: 2, column: 42 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/a.tgz | tar -xz\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#using-pipes'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap((run) => {
      const [pipe] = run.script?.pipes ?? [];
      return pipe && !fails(run) ? [draftAt(target, pipe, 'pipe')] : [];
    });
  },
};

function fails({ interpreter, script }: Instruction): boolean {
  if (interpreter.includes('pipefail')) return true;
  return (script?.commands ?? []).some(
    ({ name, words }) => name === 'set' && words.some(({ value }) => value === 'pipefail'),
  );
}
