import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN a\nRUN b\nRUN c\nENV A=1\nRUN d\n', ['several 3:1', 'several 4:1']],
  ['FROM a:1\nRUN a\nRUN --mount=type=cache,target=/x b\nFROM a:1\nRUN c && d\nRUN e\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
