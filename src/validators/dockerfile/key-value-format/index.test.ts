import { expect, it } from 'vitest';
import { mended, seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nLABEL a b c\nENV A  1\n', ['legacy 2:7', 'legacy 3:5']],
  ['FROM a:1\nENV A=1 B=2\nLABEL "a b"=c\nARG X\n', []],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});

it.each([
  ['a word', 'FROM a:1\nENV A   /b:$C\n', 'FROM a:1\nENV A=/b:$C\n'],
  [
    'what has spaces and signs',
    'FROM a:1\nENV A b  c=d #e\nLABEL f g h\n',
    'FROM a:1\nENV A="b  c=d #e"\nLABEL f="g h"\n',
  ],
  ['nothing with quotes or escapes', 'FROM a:1\nENV A "b" c\nENV D e\\ f\n', null],
  ['nothing on several lines', 'FROM a:1\nENV A b \\\n  c\n', null],
])('mends %s', async (_, text, expected) => {
  expect(await mended(check, text)).toBe(expected ?? text);
});
