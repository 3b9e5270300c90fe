import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nCMD a b\nENTRYPOINT [a]\n', ['shell 2:1', 'shell 3:1']],
  ['FROM a:1\nSHELL ["/bin/bash", "-c"]\nCMD a\n', []],
  ['FROM a:1 AS b\nSHELL ["/bin/bash", "-lc"]\nFROM b\nCMD a\n', []],
  ['FROM a:1\nCMD exec a b\nENTRYPOINT ["a"]\nONBUILD CMD a\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'plain words',
    'FROM a:1\nCMD  ./serve --port=80  -v\n',
    'FROM a:1\nCMD  ["./serve", "--port=80", "-v"]\n',
  ],
  [
    'no work of a shell',
    'FROM a:1\nCMD a $B\nCMD a && b\nCMD A=b c\nCMD cd /a\nCMD a "b"\nCMD a *\nCMD a \\\n  b\nCMD a # b\nCMD ~/a\n',
    null,
  ],
  ['no arguments of another process', 'FROM a:1 AS b\nENTRYPOINT ["a"]\nFROM b\nCMD c\n', null],
  ['no process that would get arguments', 'FROM a:1 AS b\nENTRYPOINT a\nFROM b\nCMD ["c"]\n', null],
  ['nothing of Windows', '# escape=`\nFROM a:1\nCMD a\n', null],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
