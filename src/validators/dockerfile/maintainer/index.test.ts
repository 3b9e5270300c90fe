import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nmaintainer x\nMAINTAINER y\n', ['deprecated 2:1', 'deprecated 3:1']],
  ['FROM a:1\nLABEL maintainer=x\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
