import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN useradd --uid=100000 app && useradd -mu 70000 b\n', ['log 2:5', 'log 2:33']],
  ['FROM a:1\nRUN useradd -u 10001 app && useradd --no-log-init -u 123456 b && useradd c\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'behind the name',
    'FROM a:1\nRUN useradd -m -u 100000 \\\n  b\n',
    'FROM a:1\nRUN useradd --no-log-init -m -u 100000 \\\n  b\n',
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected);
});
