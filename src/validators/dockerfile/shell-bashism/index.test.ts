import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM ubuntu:24.04\nRUN a=(1 2) && echo ${a:0:1} {b,c} <<< x\n',
    ['bashism 2:7', 'bashism 2:21', 'bashism 2:30', 'bashism 2:36'],
  ],
  [
    'FROM a:1\nRUN set -euo pipefail; [ a == b ]; diff <(a) <(b)\n',
    ['bashism 2:5', 'bashism 2:24', 'bashism 2:41', 'bashism 2:46'],
  ],
  [
    'FROM a:1\nSHELL ["/bin/bash", "-c"]\nRUN [[ a ]]\nFROM a:1\nRUN <<EOF\n#!/bin/bash\n[[ a ]]\nEOF\n',
    [],
  ],
  ['FROM fedora:43\nRUN [[ a ]]\nFROM node:24-alpine\nRUN set -o pipefail && [[ a ]]\n', []],
  ['FROM a:1\nRUN [ a = b ] && . /x && echo "${a:-b}" ${c%d} $((1+1))\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
