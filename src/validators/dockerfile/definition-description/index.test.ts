import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['# base\nFROM a:1 AS build\n', ['other 2:1']],
  ['# build makes it\nFROM a:1 AS build\n# other\n\nARG X\n# hadolint ignore=DL3006\nFROM b\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
