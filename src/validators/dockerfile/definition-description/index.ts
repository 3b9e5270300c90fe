import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/definition-description',
  title: 'Comments above stages and ARGs describe them',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: '`docker build --call=outline` shows the comment above a stage or an ARG as its description, whatever it is about, when it begins with the name.',
    messages: { other: 'the comment above {{name}} does not begin with `{{name}} `' },
    remediation: 'Begin the comment with the name, or put an empty line below it.',
    bad: {
      language: 'dockerfile',
      text: '# the version\nARG VERSION=3.22\nFROM alpine:$VERSION\n',
      findings: [{ messageId: 'other', line: 2, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: '# VERSION of Alpine\nARG VERSION=3.22\nFROM alpine:$VERSION\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/invalid-definition-description/'],
  },
  run({ target }) {
    const byLine = new Map(target.comments.map((comment) => [comment.place.line, comment]));
    return target.instructions.flatMap(({ keyword, pairs, words, place, onBuild }) => {
      const name = keyword === 'ARG' ? pairs[0]?.name.value : keyword === 'FROM' && words[2]?.value;
      const comment = byLine.get(place.line - 1);
      if (!name || onBuild || !comment) return [];
      const text = comment.text.replace(/^#+\s*/, '');
      const isOther = /^(?:hadolint|check|syntax|escapeSign|deploycheck-ignore)\b/.test(text);
      return isOther || text.startsWith(`${name} `)
        ? []
        : [draftAt(target, place, 'other', { name })];
    });
  },
};
