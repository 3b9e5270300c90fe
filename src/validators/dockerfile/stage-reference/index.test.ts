import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1 AS x\nCOPY --from=x a b\n', ['own 2:6']],
  ['FROM a:1\nCOPY --from=0 a b\n', ['own 2:6']],
  ['FROM a:1\nCOPY --from=x a b\nFROM b:1 AS x\n', ['later 2:6']],
  ['FROM a:1\nRUN --mount=type=bind,from=gone,target=/x true\n', ['unknown 2:5']],
  ['FROM a:1\nCOPY --from=3 a b\n', ['unknown 2:6']],
  ['FROM a:1 AS Build\nFROM b:1\nCOPY --chown=1:1 --from=build a b\nCOPY --from=0 a b\n', []],
  ['FROM a:1\nCOPY --from=nginx:1.29 a b\nCOPY --from=team/x a b\nCOPY --from=$X a b\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
