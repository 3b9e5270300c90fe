import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN export A=1 B="$(b)" && f() { local c=`d`; }\n', ['masked 2:16', 'masked 2:40']],
  ['FROM a:1\nRUN export A=$B && C=$(c) d\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
