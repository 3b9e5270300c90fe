import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nCOPY ["a.tgz", "/x/"]\nRUN cd /x && tar xf a.tgz\n', ['twice 2:1']],
  ['FROM a:1\nCOPY a.tgz /x/\nRUN tar -czf b.tgz /x\nRUN cp /x/a.tgz /y\n', []],
  [
    'FROM a:1 AS b\nCOPY a.tgz /x/\nFROM a:1\nCOPY --from=b /x/a.tgz /x/\nRUN tar xf /x/a.tgz\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
