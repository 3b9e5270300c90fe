import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN x=$(apt list) && /usr/bin/apt update\n', ['apt 2:9', 'apt 2:22']],
  ['FROM a:1\nRUN apt-cache policy apt && echo apt\nCOPY apt /\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
