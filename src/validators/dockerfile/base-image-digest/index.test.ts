import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1 AS b\nFROM b\nFROM c\n', ['mutable 1:6', 'mutable 3:6']],
  [`FROM a@sha256:${'0'.repeat(64)}\nFROM scratch\nFROM $X\n`, []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
