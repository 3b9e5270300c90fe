import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN wget a && curl b && curl c\n', ['both 2:15']],
  ['FROM a:1\nRUN apt-get install -y curl wget && curl a\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
