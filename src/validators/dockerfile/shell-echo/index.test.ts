import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'FROM a:1\nRUN echo \'a\\tb\' "$c\\n" d && x=$(echo "\\r")\n',
    ['escape 2:10', 'escape 2:17', 'escape 2:38'],
  ],
  ['FROM a:1\nRUN echo -e "a\\n" && echo a\\n \'\\d\' && printf "\\n"\n', []],
])('sees %j', async (text, expected) => {
  expect((await seen(check, text)).sort()).toEqual(expected);
});
