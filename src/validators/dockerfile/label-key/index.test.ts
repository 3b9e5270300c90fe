import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nLABEL a..b=1 1a=2 a-=3 aB=4\n', ['key 2:7', 'key 2:14', 'key 2:19', 'key 2:24']],
  ['FROM a:1\nLABEL maintainer=x "a.b-c"=1 x-$Y=2\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
