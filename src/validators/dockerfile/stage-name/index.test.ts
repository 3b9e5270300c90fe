import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1 AS scratch\n', ['reserved 1:13']],
  ['FROM a:1 AS x\nFROM a:1 AS x\nFROM a:1 AS X\n', ['duplicate 2:13', 'duplicate 3:13']],
  ['FROM a:1\nFROM a:1\nFROM scratch AS contexts\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
