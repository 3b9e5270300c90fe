import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { runsOf } from '../packages.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/two-downloaders',
  title: 'One program fetches files',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Two programs that do the same are two to update, and two for an attacker to use.',
    messages: { both: '{{name}} is used, and {{other}} in line {{line}}' },
    remediation: 'Use one of them, and leave the other out of the image.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN curl -fsSLO https://example.com/a\nRUN wget -q https://example.com/b\n',
      findings: [{ messageId: 'both', line: 3, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13 AS a\nRUN curl -fsSLO https://example.com/a\nFROM alpine:3.22\nRUN wget -q https://example.com/b\n',
      findings: [],
    },
    references: ['https://github.com/hadolint/hadolint/wiki/DL4001'],
  },
  run({ target }) {
    return target.stages.flatMap(({ instructions }) => {
      const uses = runsOf(instructions).flatMap(({ script }) =>
        (script?.commands ?? []).filter(({ name }) => name === 'curl' || name === 'wget'),
      );
      const [first] = uses;
      return uses
        .filter(({ name }) => first && name !== first.name)
        .slice(0, 1)
        .map(({ place, name }) =>
          draftAt(target, place, 'both', {
            ...{ name, other: first?.name ?? '', line: first?.place.line ?? 0 },
          }),
        );
    });
  },
};
