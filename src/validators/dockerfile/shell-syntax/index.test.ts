import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN echo "a\n', ['error 2:10']],
  ['FROM a:1\nRUN for $x in a; do b; done\n', ['error 2:9']],
  ['FROM a:1\nRUN <<EOF\nfor x in a; do\necho\nEOF\n', ['error 5:1']],
  ['FROM a:1\nRUN <<EOF\n#!/usr/bin/env python3\nif True:\n  pass\nEOF\nRUN ["if"]\n', []],
  ['FROM a:1\nSHELL ["powershell", "-Command"]\nRUN if ($x) { y }\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
