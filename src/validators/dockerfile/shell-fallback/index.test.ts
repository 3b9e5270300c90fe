import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN a || b && c || { d; }; x=$(a && b || c)\n', ['either 2:20', 'either 2:42']],
  [
    'FROM a:1\nRUN a && b || true; a && b || exit 1; a && x=1 || c; if a && b || c; then d; fi\n',
    [],
  ],
  ['FROM a:1\nRUN a && b || c && d; a && b; a || b || c\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
