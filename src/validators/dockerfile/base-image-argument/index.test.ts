import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['ARG A\nFROM $A\n', ['no-default 2:6']],
  ['ARG A\nFROM a:1${A}\nFROM ${A:-b:1}\nFROM ${B:-b:1}\n', []],
  ['FROM --platform=$PLATFORM a:1\n', ['undeclared 1:6']],
  ['FROM a:1\nARG B=1\nFROM b:$B\n', ['undeclared 3:6']],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
