import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['# deploycheck-ignored x\nFROM a:1\n', ['malformed 1:1']],
  ['FROM a:1\n# deploycheck-ignore dockerfile/sudo -- until 2026-13-01\nRUN x\n', ['bad-date 2:1']],
  [
    'FROM a:1\nRUN a \\\n  # deploycheck-ignore manifest/schema -- why\n  b\n',
    ['unknown-rule 3:3'],
  ],
  ['FROM a:1\n# deploycheck-ignore dockerfile/sudo, dockerfile/pipefail -- why\nRUN x\n', []],
  ['FROM a:1\nRUN <<EOF\n# deploycheck-ignore\nEOF\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
