import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN make && (cd x; make) && cd\n', ['cd 2:14', 'cd 2:29']],
  ['FROM a:1\nRUN make -C /src && echo cd\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
