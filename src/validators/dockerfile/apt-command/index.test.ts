import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN x=$(apt list) && /usr/bin/apt update\n', ['apt 2:9', 'apt 2:22']],
  ['FROM a:1\nRUN apt-cache policy apt && echo apt\nCOPY apt /\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'what apt-get does alike',
    'FROM a:1\nRUN /usr/bin/apt update && apt install -y b && apt purge c\n',
    'FROM a:1\nRUN /usr/bin/apt-get update && apt-get install -y b && apt-get purge c\n',
  ],
  [
    'nothing that it does otherwise',
    'FROM a:1\nRUN apt list && apt upgrade -y && apt search b\n',
    null,
  ],
  [
    'a document',
    'FROM a:1\nRUN <<E\n\tapt update\nE\n',
    'FROM a:1\nRUN <<E\n\tapt-get update\nE\n',
  ],
  [
    'nothing in lists and in backticks',
    'FROM a:1\nRUN ["apt", "update"]\nRUN a=`b \\`apt update\\``\n',
    null,
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
