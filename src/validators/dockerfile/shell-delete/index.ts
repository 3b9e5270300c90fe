import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';
import { operandsOf } from '../shell-script.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-delete',
  title: 'An empty variable deletes no more than is meant',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: '`rm -rf "$folder/"` is `rm -rf /` when the variable is empty, and folders of the system go without an error.',
    messages: { root: 'rm of {{text}} is of {{folder}} when the variable is empty' },
    remediation: 'Write "${folder:?}/…", which ends the command where it is empty.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN rm -rf "$BUILD/"\n',
      findings: [{ messageId: 'root', line: 2, column: 12 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN rm -rf "${BUILD:?}/"\n',
      findings: [],
    },
    references: ['https://www.shellcheck.net/wiki/SC2115'],
  },
  run({ target }) {
    return runsOf(target.instructions).flatMap(({ script }) =>
      (script?.commands ?? [])
        .filter(
          ({ name, words }) => name === 'rm' && words.some(({ text }) => /^-\w*[rR]/.test(text)),
        )
        .flatMap((command) => operandsOf(command))
        .flatMap(({ text, place }) => {
          const bare = text.replaceAll(/["']/g, '');
          const [, folder] =
            /^(?:\$\w+|\$\{\w+\})(\/(?:\*|bin|etc|home|lib|usr|var|opt|root)?\/?)$/.exec(bare) ??
            [];
          return folder === undefined ? [] : [draftAt(target, place, 'root', { text, folder })];
        }),
    );
  },
};
