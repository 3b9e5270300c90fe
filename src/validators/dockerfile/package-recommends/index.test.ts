import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
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
