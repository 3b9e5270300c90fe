import { expect, it } from 'vitest';
import { goPattern, matches } from './go-pattern.ts';

const texts = [
  '',
  'abc',
  'ABC',
  'a.c',
  'a\nb',
  'line one\nline two\n',
  'x{2}',
  'a-b_c',
  'tab\tand space',
  'vertical\vtab',
  'é',
  'Ünïcode',
  '[x]',
  '}',
  '\u2028',
  'a1b22',
  'end\\',
];

/** What Go 1.26's `regexp.MatchString` said of the texts above, a digit for each. */
const answers: readonly (readonly [pattern: string, answer: string])[] = [
  ['^abc$', '01000000000000000'],
  ['(?i)abc', '01100000000000000'],
  ['(?s)a.b', '00001001000000010'],
  ['a.b', '00000001000000010'],
  ['(?m)^line two$', '00000100000000000'],
  ['^line two$', '00000000000000000'],
  ['\\Aline', '00000100000000000'],
  ['two\\n\\z', '00000100000000000'],
  ['[[:alpha:]]+', '01111111110110011'],
  ['^[[:upper:]]{3}$', '00100000000000000'],
  ['[^[:alnum:]]', '00011111111111101'],
  ['x{2}', '00000000000000000'],
  ['x\\{2\\}', '00000010000000000'],
  ['\\Qa.c\\E', '00010000000000000'],
  ['\\Qa.c', '00010000000000000'],
  ['a\\-b', '00000001000000000'],
  ['[a\\-z]', '01011001110000010'],
  ['[]x]', '00000010000010000'],
  ['\\s', '00001100100000000'],
  ['\\S\\s\\S', '00001100100000000'],
  ['[\\s]', '00001100100000000'],
  ['\\d+b\\d{2}', '00000000000000010'],
  ['\\bone\\b', '00000100000000000'],
  ['\\x41', '00100000000000000'],
  ['\\x{42}', '00100000000000000'],
  ['\\101', '00100000000000000'],
  ['\\pL', '01111111111110011'],
  ['\\p{Lu}', '00100000000100000'],
  ['\\p{Latin}', '01111111111110011'],
  ['\\PL', '00011111110011111'],
  ['(?P<name>a)b', '01000000110000000'],
  ['}', '00000010000001000'],
  ['a{,2}', '00000000000000000'],
  ['[.]', '00010000000000000'],
  ['\\/|\\.', '00010000000000000'],
  ['"|\\"', '00000000000000000'],
  ['.', '01111111111111111'],
  ['\\\\$', '00000000000000001'],
  ['[[]x[]]', '00000000000010000'],
  ['a|', '11111111111111111'],
];

it.each(answers)('answers %s as Go does', (source, answer) => {
  const pattern = goPattern(source);
  if (!(pattern instanceof RegExp)) throw new Error(pattern.problem);
  const found = texts.map((text) => matches(pattern, text));
  expect(found.map((one) => (one === undefined ? '?' : Number(one))).join('')).toBe(answer);
});

it.each([
  ['(?m)^b$', 'a\r\nb\r\n', false],
  ['(?m)^b\\r$', 'a\r\nb\r\n', true],
  ['(?m)^b$', 'a\u2028b', false],
  ['(?m)^b$', 'a\nb', true],
  ['(?ms)a.b$', 'a\nb\nc', true],
  ['(?i:A)b', 'ab', true],
  ['(?i:A)b', 'aB', false],
  ['(?:a|b)+c', 'abc', true],
  ['\\p{^Greek}', 'α', false],
  ['\\P{^Greek}', 'α', true],
])('answers %s in %j as Go does', (source, text, answer) => {
  const pattern = goPattern(source);
  expect(pattern instanceof RegExp && matches(pattern, text)).toBe(answer);
});

it.each([
  ['(?U)a', 'U'],
  ['a(?i)b', 'flags'],
  ['(?s:a.b)', 'flags'],
  ['(?m:^a)', 'flags'],
  ['(?=a)', 'look-around'],
  ['(?<!a)b', 'look-around'],
  ['[[:^alpha:]]', 'negated'],
  ['[[:letters:]]', 'class'],
  ['\\C', 'Go has no'],
  ['(', 'group'],
  ['[\\S]', 'class'],
])('does not take %s', (source, why) => {
  expect(goPattern(source)).toMatchObject({ problem: expect.stringContaining(why) });
});

it('gives up on a pattern that goes back for ever', () => {
  const pattern = goPattern('^(a+)+$');
  expect(pattern instanceof RegExp && matches(pattern, `${'a'.repeat(40)}b`)).toBeUndefined();
});
