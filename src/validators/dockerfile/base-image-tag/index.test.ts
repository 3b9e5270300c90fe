import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  ['ARG TAG=latest\nFROM a:$TAG\n', ['latest 2:6']],
  ['ARG IMAGE=alpine\nFROM --platform=linux/amd64 ${IMAGE}\n', ['untagged 2:29']],
  ['FROM localhost:5000/a\n', ['untagged 1:6']],
  [`FROM a@${digest}\nFROM a:latest@${digest}\nFROM scratch\n`, []],
  ['ARG IMAGE\nFROM $IMAGE\nFROM a:$TAG\n', []],
  ['FROM a:1 AS Base\nFROM base\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
