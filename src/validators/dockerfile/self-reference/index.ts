import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { globalScope, scopesIn } from '../stages.ts';
import { expand } from '../words.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/self-reference',
  title: 'No ENV uses what the same ENV sets',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Within one ENV a name stands for what it was before, so the new value is missing where it is used.',
    messages: { same: '{{name}} is set by the same ENV, and has not its new value here' },
    remediation: 'Set it in an ENV of its own, before the one that uses it.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nENV HOME_DIR=/app PATH=$PATH:$HOME_DIR/bin\n',
      findings: [{ messageId: 'same', line: 2, column: 24 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nENV HOME_DIR=/app\nENV PATH=$PATH:$HOME_DIR/bin\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#environment-replacement'],
  },
  run({ target }) {
    const globals = globalScope(target.instructions, target.escapeSign);
    return target.stages.flatMap((stage) => {
      const scopes = scopesIn(stage, globals, target.escapeSign);
      return stage.instructions.flatMap(({ keyword, pairs }, index) => {
        if (keyword !== 'ENV') return [];
        const set = new Set(pairs.map(({ name }) => name.value));
        return pairs.flatMap(({ name, value }) =>
          value === undefined
            ? []
            : expand(value.text, target.escapeSign).references.flatMap((reference) => {
                // What has a value already is what was meant: PATH=$PATH:/app.
                const isNew = set.has(reference.name) && !scopes[index]?.has(reference.name);
                const own = reference.name === name.value;
                if (!isNew || own || reference.hasDefault) return [];
                return [draftAt(target, value.place, 'same', { name: reference.name })];
              }),
        );
      });
    });
  },
};
