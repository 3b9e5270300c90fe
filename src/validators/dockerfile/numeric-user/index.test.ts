import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nUSER 1\nUSER node:node\n', ['name 3:6']],
  ['FROM a:1\nUSER node\nFROM b:1\nUSER $UID\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
