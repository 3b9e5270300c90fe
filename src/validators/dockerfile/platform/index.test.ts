import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM --platform=linux/arm64 a:1\n', ['constant 1:6']],
  ['FROM --platform=linux/arm64 a:1 AS build-arm64\nFROM --platform=$P a:1\n', []],
  ['FROM --platform=${TARGETPLATFORM} a:1\n', ['redundant 1:6']],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'what is redundant alone',
    'FROM --platform=$TARGETPLATFORM  a:1 AS b\nFROM --platform=linux/arm64 a:1\n',
    'FROM a:1 AS b\nFROM --platform=linux/arm64 a:1\n',
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected);
});
