import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN wget -O x https://a.example\n', ['bar 2:5']],
  ['FROM a:1\nRUN wget -qO x https://a.example && wget -nv y && wget --no-verbose z\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
