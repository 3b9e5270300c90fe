import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN ${x}=1; y =2\n', ['dollar 2:5', 'spaces 2:13']],
  ['FROM a:1\nRUN [ a = b ] && test = = = && expr = : = && a=$(b = c)\n', ['spaces 2:50']],
  ['FROM a:1\nRUN IFS= read -r a; x=; export y=; LC_ALL= sort\n', ['empty 2:36']],
  ['FROM a:1\nRUN $CC -o=x; x="=1"; a=b=c; git config x =y\nRUN ["x", "=", "1"]\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
