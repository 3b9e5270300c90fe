import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nLABEL a b c\nENV A  1\n', ['legacy 2:7', 'legacy 3:5']],
  ['FROM a:1\nENV A=1 B=2\nLABEL "a b"=c\nARG X\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
