import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/label-key',
  title: 'Labels have the keys that tools look for',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'provenance',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Keys are told apart letter by letter, and those of Docker itself are not for others.',
    messages: {
      key: 'the label {{key}} should have small letters, digits, single dots and dashes, and begin with a letter',
      reserved: 'labels that begin with {{prefix}} are for Docker itself',
    },
    remediation: 'Write keys such as org.opencontainers.image.source, or below a domain of yours.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nLABEL Version=1 com.docker.team=shop\n',
      findings: [
        { messageId: 'key', line: 2, column: 7 },
        { messageId: 'reserved', line: 2, column: 17 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nLABEL org.opencontainers.image.version="1.0.0"\n',
      findings: [],
    },
    references: ['https://docs.docker.com/engine/manage-resources/labels/#label-keys-and-values'],
  },
  run({ target }) {
    return target.instructions
      .filter(({ keyword }) => keyword === 'LABEL')
      .flatMap(({ pairs }) =>
        pairs.flatMap(({ name: { value: key, place } }) => {
          const [prefix] = /^(?:com\.docker|io\.docker|org\.dockerproject)\./.exec(key) ?? [];
          if (prefix !== undefined) return [draftAt(target, place, 'reserved', { prefix })];
          const isGood = /^[a-z](?:[._-]?[a-z0-9])*$/.test(key) || key.includes('$');
          return isGood ? [] : [draftAt(target, place, 'key', { key })];
        }),
      );
  },
};
