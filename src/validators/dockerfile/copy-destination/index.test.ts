import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nADD a b /c\nCOPY ["a", "b", "/c"]\n', ['several-to-one 2:9', 'several-to-one 3:1']],
  ['FROM a:1\nCOPY a\n', ['no-destination 2:1']],
  ['FROM a:1\nCOPY a .\nWORKDIR /x\nCOPY a .\n', ['unanchored 2:8']],
  ['FROM a:1 AS x\nWORKDIR /x\nFROM x\nCOPY a b ./\nCOPY a b $D\nCOPY a C:\\\\x\n', []],
  ['FROM a:1\nCOPY <<A <<B /x/\na\nA\nb\nB\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'a folder for several',
    'FROM a:1\nCOPY a b /c\nCOPY a b "/d"\nCOPY ["a", "b", "/c"]\n',
    'FROM a:1\nCOPY a b /c/\nCOPY a b "/d"\nCOPY ["a", "b", "/c"]\n',
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected);
});
