import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN rm -fr $A/* ${B}/usr/\n', ['root 2:12', 'root 2:17']],
  ['FROM a:1\nRUN rm -f $A/* && rm -r $A/x "$B" ${C:?}/\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
