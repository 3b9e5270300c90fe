import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN cp a?b *.c ?d /e && ls *\n', ['pattern 2:12', 'pattern 2:16', 'pattern 2:28']],
  ['FROM a:1\nRUN echo * && find . -name "*.c" && rm /a/* && test $? && rm -- -a *\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
