import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { endOf, stands } from '../fix.ts';
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
        return [{ ...draft, fix: withEquals(target, pair) }];
      });
  },
};

/** Only a value that means the same behind an equals sign, with quotes where it needs them. */
function withEquals(target: Dockerfile, { name, value }: Pair) {
  if (!value || value.place.line !== name.place.line || !stands(target, value)) return undefined;
  if (!stands(target, name) || /["'\\`]/.test(name.text + value.text)) return undefined;
  const quote = /^[\w./:${}@+-]+$/.test(value.text) ? '' : '"';
  const { file } = target;
  const end = endOf(value);
  return {
    description: `write ${name.text}=…`,
    edits: [
      { file, from: endOf(name), to: value.place, text: `=${quote}` },
      ...(quote === '' ? [] : [{ file, from: end, to: end, text: quote }]),
    ],
  };
}
