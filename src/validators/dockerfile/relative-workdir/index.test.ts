import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nWORKDIR /a\nWORKDIR b\n', ['relative 3:9']],
  [
    'FROM a:1 AS x\nWORKDIR /a\nFROM x\nWORKDIR b\nFROM b:1\nWORKDIR "c"\n',
    ['relative 4:9', 'unanchored 6:9'],
  ],
  ['ARG D=x\nFROM a:1\nARG D\nWORKDIR $D/y\n', ['unanchored 4:9']],
  ['FROM a:1\nWORKDIR /proc/self\nWORKDIR /system\n', ['system 2:9']],
  ['FROM a:1\nWORKDIR $HOME/x\nWORKDIR "/a b"\nWORKDIR C:\\\\app\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
