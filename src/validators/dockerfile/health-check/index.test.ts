import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1 AS b\nHEALTHCHECK CMD x\nFROM c:1\nHEALTHCHECK NONE\n', ['none 4:1']],
  ['FROM a:1 AS b\nHEALTHCHECK CMD x\nFROM b\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
