import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nADD ["a", "b", "/x/"]\n', ['copy 2:1', 'copy 2:1']],
  ['FROM a:1\nADD git@github.com:a/b.git#main /x\n', ['unverified 2:5']],
  ['FROM a:1\nADD deploy@git.example.com:a/b.git /x\n', ['unverified 2:5']],
  [
    'FROM a:1\nADD a.tgz b.tar.zst $C /x/\nADD https://a.example/b.git#0123456789abcdef0123456789abcdef01234567 /x\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'files, in any form',
    'FROM a:1\nADD --chown=1:1 a b /c/\nadd ["a", "/b"]\n',
    'FROM a:1\nCOPY --chown=1:1 a b /c/\ncopy ["a", "/b"]\n',
  ],
  ['a trigger', 'FROM a:1\nONBUILD ADD a /b\n', 'FROM a:1\nONBUILD COPY a /b\n'],
  [
    'nothing beside an archive, a pattern or an address',
    'FROM a:1\nADD a b.tgz /c/\nADD * /c/\nADD a https://example.com/b /c/\n',
    null,
  ],
  ['no flag that COPY has not', 'FROM a:1\nADD --keep-git-dir=true a /b\n', null],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
