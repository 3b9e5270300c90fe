import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { globalScope, platformVariables } from '../stages.ts';
import { expand } from '../words.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/base-image-argument',
  title: 'FROM is filled in from ARGs that are there',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'FROM knows the ARGs before the first FROM and nothing else, so a misspelt one leaves an empty name or another base than the one meant.',
    messages: {
      undeclared: '{{name}} is not declared by an ARG before the first FROM',
      'no-default': '{{name}} has no default, and without one {{image}} names no image',
    },
    remediation: 'Declare the ARG at the top of the file, with a default that builds.',
    bad: {
      language: 'dockerfile',
      text: 'ARG VERSION\nFROM alpine:$VERSION\nFROM node:${NODE_VERSION}\n',
      findings: [
        { messageId: 'no-default', line: 2, column: 6 },
        { messageId: 'undeclared', line: 3, column: 6 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'ARG VERSION=3.22\nFROM --platform=$BUILDPLATFORM alpine:$VERSION\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/undefined-arg-in-from/',
      'https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/',
    ],
  },
  run({ target }) {
    const { stages, instructions, escapeSign } = target;
    const globals = globalScope(instructions, escapeSign);
    return stages.flatMap(({ from: { words, flags } }) => {
      const [base] = words;
      const platform = flags.find(({ name }) => name === 'platform');
      const parts = [base, platform].flatMap((part) => {
        const text = part && ('text' in part ? part.text : part.value);
        return part && text !== undefined ? [{ text, place: part.place }] : [];
      });
      const unknown = parts.flatMap(({ text, place }) =>
        expand(text, escapeSign).references.flatMap(({ name, hasDefault }) => {
          const known = globals.has(name) || platformVariables.has(name) || hasDefault;
          return known ? [] : [draftAt(target, place, 'undeclared', { name })];
        }),
      );
      if (!base || unknown.length > 0) return unknown;
      const { references } = expand(base.text, escapeSign);
      const bare = references.find(
        ({ name, hasDefault }) => !hasDefault && globals.has(name) && !globals.get(name),
      );
      const image = expand(base.text, escapeSign, (name) => globals.get(name) ?? '').value;
      if (!bare || isName(image)) return [];
      return [draftAt(target, base.place, 'no-default', { name: bare.name, image: base.value })];
    });
  },
};

const isName = (image: string): boolean => /^[a-z0-9](?!.*[:@/]$)/i.test(image);
