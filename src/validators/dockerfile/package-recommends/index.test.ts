import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN a && apt-get -y install b\n', ['recommends 2:10']],
  [
    'FROM a:1\nRUN apt-get install -y -o APT::Install-Recommends=false a && apt-get upgrade -y\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  [
    'behind the answer',
    'FROM a:1\nRUN apt-get install -y b && apt-get -y install c && apt install d\n',
    'FROM a:1\nRUN apt-get install -y --no-install-recommends b && apt-get -y install --no-install-recommends c && apt install --no-install-recommends d\n',
  ],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected);
});
