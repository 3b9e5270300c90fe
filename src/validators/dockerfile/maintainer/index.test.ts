import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nmaintainer x\nMAINTAINER y\n', ['deprecated 2:1', 'deprecated 3:1']],
  ['FROM a:1\nLABEL maintainer=x\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'a name with an address',
    'FROM a:1\nMAINTAINER  Jo <jo@example.com>\n',
    'FROM a:1\nLABEL  org.opencontainers.image.authors="Jo <jo@example.com>"\n',
  ],
  [
    'small letters',
    'from a:1\nmaintainer jo\n',
    'from a:1\nlabel org.opencontainers.image.authors="jo"\n',
  ],
  ['nothing that quotes would change', 'FROM a:1\nMAINTAINER "jo"\n', null],
  [
    'nothing that a label says already',
    'FROM a:1\nMAINTAINER jo\nLABEL org.opencontainers.image.authors=jo\n',
    null,
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
