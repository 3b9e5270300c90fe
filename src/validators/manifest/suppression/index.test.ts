import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const above = (comment: string) => `${comment}\n${podWith()}`;

it.each([
  ['# deploycheck-ignore', 'malformed'],
  ['# deploycheck-ignore: -- why', 'malformed'],
  ['# deploycheck-ignored manifest/image-tag -- why', 'malformed'],
  ['# deploycheck-ignore manifest/image-tag', 'no-reason'],
  ['# deploycheck-ignore manifest/image-tag -- until 2026-01-01', 'no-reason'],
  ['# deploycheck-ignore manifest/image-tag -- why until 2026-1-1', 'bad-date'],
  ['# deploycheck-ignore manifest/image-tga -- why', 'unknown-rule'],
  ['# deploycheck-ignore secret/in-manifests -- why', 'never'],
  ['# deploycheck-ignore manifest/image-tag -- why until 1969-12-31', 'expired'],
])('finds %s', async (comment, messageId) => {
  const { seen } = await examine(check, above(comment));
  expect(seen).toEqual([{ messageId, line: 1, column: 1 }]);
});

it.each([
  '# deploycheck-ignore manifest/image-tag -- why',
  '# deploycheck-ignore: manifest/image-tag -- why',
  '# deploycheck-ignore manifest/image-tag, manifest/privileged -- why until 1970-01-01',
  '# ignore manifest/image-tag',
  '# see deploycheck-ignore',
])('is silent for %s', async (comment) => {
  expect((await examine(check, above(comment))).outcome).toBe('pass');
});

it('warns of what has ended, and fails for what was never read', async () => {
  const { severities } = await examine(
    check,
    above(
      '# deploycheck-ignore manifest/image-tag -- why until 1969-12-31\n# deploycheck-ignore x -- y',
    ),
  );
  expect(severities).toEqual(['warning', 'error']);
});
