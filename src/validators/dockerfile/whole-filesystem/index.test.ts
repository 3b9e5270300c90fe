import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1 AS b\nFROM c:1\nCOPY --from=b /* /x/\nCOPY --from=b ["/", "/"]\n',
    ['whole 3:1', 'whole 4:1'],
  ],
  ['FROM a:1 AS b\nFROM c:1\nCOPY --from=b /usr /usr\nCOPY . /\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
