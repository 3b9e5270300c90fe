import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Pair } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/key-value-format',
  title: 'ENV and LABEL have an equals sign',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Without an equals sign all the rest of the line is the value, so a second variable on the line becomes part of the first.',
    messages: { legacy: '{{keyword}} {{name}} has no equals sign' },
    remediation: 'Write NAME=value, with quotes around a value that has spaces.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nENV HOME_DIR /app\n',
      findings: [{ messageId: 'legacy', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nENV HOME_DIR=/app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/legacy-key-value-format/'],
  },
  run({ target }) {
    return target.instructions
      .filter(({ isLegacyPair }) => isLegacyPair)
      .flatMap(({ keyword, pairs: [pair] }) => {
        if (!pair) return [];
        const { name } = pair;
        const draft = draftAt(target, name.place, 'legacy', { keyword, name: name.value });
        return [{ ...draft, fix: fixOf(target, pair) }];
      });
  },
};

/** Only a value that means the same behind an equals sign, and stands on the same line. */
function fixOf({ file }: Dockerfile, { name, value }: Pair) {
  if (!value || value.place.line !== name.place.line || !/^[\w./:${}@+-]+$/.test(value.text)) {
    return undefined;
  }
  const from = { line: name.place.line, column: name.place.column + name.text.length };
  return {
    description: `write ${name.text}=${value.text}`,
    edits: [{ file, from, to: value.place, text: '=' }],
  };
}
