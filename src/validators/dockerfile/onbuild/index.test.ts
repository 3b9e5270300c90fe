import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nONBUILD ONBUILD RUN x\nonbuild maintainer x\n', ['refused 2:9', 'refused 3:9']],
  ['FROM a:1\nONBUILD RUN x\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
