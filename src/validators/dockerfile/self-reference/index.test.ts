import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nENV A=1 B=$A C=${A}x\n', ['same 2:11', 'same 2:16']],
  ['FROM a:1\nENV A=1\nENV A=2 B=$A\n', []],
  ['FROM a:1\nENV A=$A:1 PATH=$PATH:/x\n', []],
  ["FROM a:1\nENV A=1 B='$A' C=\\$A\n", []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
