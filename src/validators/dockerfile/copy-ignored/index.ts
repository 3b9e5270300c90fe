import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { flagOf } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/copy-ignored',
  title: 'What is copied is in the build context',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A file that .dockerignore leaves out never reaches the builder, so the build fails, or copies less than is meant.',
    messages: { ignored: '{{keyword}} takes {{path}}, which {{file}} leaves out of the context' },
    remediation: 'Take the pattern out of the file, or add an exception (`!path`) behind it.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nCOPY dist/server /app/server\n',
      beside: { ignored: ['dist', 'node_modules'] },
      findings: [{ messageId: 'ignored', line: 2, column: 6 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nCOPY dist/server /app/server\n',
      beside: { ignored: ['*', '!dist/server'] },
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/copy-ignored-file/'],
  },
  run({ target }) {
    const { ignore, instructions } = target;
    if (!ignore) return [];
    return instructions.flatMap((instruction) => {
      const { keyword, json, words, place } = instruction;
      const copies = keyword === 'COPY' || keyword === 'ADD';
      if (!copies || flagOf(instruction, 'from') !== undefined) return [];
      const sources = json
        ? json.map((value) => ({ value, place }))
        : words.filter(({ text }) => !/^\d*<</.test(text));
      return sources
        .slice(0, -1)
        .filter(({ value }) => !/^[a-z]+:\/\/|^git@|\$/.test(value) && ignore.ignores(value))
        .map((one) =>
          draftAt(target, one.place, 'ignored', { keyword, path: one.value, file: ignore.file }),
        );
    });
  },
};
