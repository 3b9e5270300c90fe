import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nCMD a b\nENTRYPOINT [a]\n', ['shell 2:1', 'shell 3:1']],
  ['FROM a:1\nSHELL ["/bin/bash", "-c"]\nCMD a\n', []],
  ['FROM a:1\nCMD exec a b\nENTRYPOINT ["a"]\nONBUILD CMD a\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
