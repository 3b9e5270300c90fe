import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nADD ["a", "b", "/x/"]\n', ['copy 2:1', 'copy 2:1']],
  ['FROM a:1\nADD git@github.com:a/b.git#main /x\n', ['unverified 2:5']],
  [
    'FROM a:1\nADD a.tgz b.tar.zst $C /x/\nADD https://a.example/b.git#0123456789abcdef0123456789abcdef01234567 /x\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
