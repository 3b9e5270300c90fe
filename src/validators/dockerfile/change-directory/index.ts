import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/change-directory',
  title: 'WORKDIR says where a RUN works',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A `cd` ends with its RUN, and who reads the next instruction has to know that.',
    messages: { cd: 'RUN changes to {{folder}} by itself' },
    remediation: 'Set WORKDIR before the RUN.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN cd /src && make\n',
      findings: [{ messageId: 'cd', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nWORKDIR /src\nRUN make\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#workdir'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name }) => name === 'cd')
        .map(({ place, words }) =>
          draftAt(target, place, 'cd', { folder: words[1]?.text ?? 'the home folder' }),
        ),
    );
  },
};
