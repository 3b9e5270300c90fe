import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nCOPY a.tgz /tmp/\nRUN rm -f /tmp/a.tgz /tmp/b\n', ['remains 3:1']],
  ['FROM a:1\nCOPY a /x\nWORKDIR /y\nRUN true && rm ../x\n', ['remains 4:1']],
  ['FROM a:1\nRUN rm /x/a\nCOPY a /x/\nRUN rm /x/b "$C"\n', []],
  ['FROM a:1 AS b\nCOPY a /x/\nFROM a:1\nRUN rm /x/a\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
