import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/default-shell',
  title: 'SHELL says which shell runs',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A link over /bin/sh changes the shell of every program in the image, and the next update of the package takes it back.',
    messages: { link: 'RUN puts another shell in the place of /bin/sh' },
    remediation: 'Write SHELL ["/bin/bash", "-o", "pipefail", "-c"].',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN ln -sf /bin/bash /bin/sh\n',
      findings: [{ messageId: 'link', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN make\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#shell'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(({ name, words }) => name === 'ln' && isShell(words.at(-1)?.value))
        .map(({ place }) => draftAt(target, place, 'link')),
    );
  },
};

const isShell = (path: string | undefined): boolean => path === '/bin/sh' || path === '/usr/bin/sh';
