import { describe, expect, it } from 'vitest';
import { boundedTest } from './bounded-test.ts';
import { fromGoRegex } from './go-regex.ts';

function regexOf(source: string): RegExp {
  const result = fromGoRegex(source);
  if ('why' in result) expect.unreachable(result.why);
  return result.regex;
}

// What Go's regexp says of the same pattern and text.
it.each([
  ['(?i)^key$', 'KEY', true],
  ['a(?i)b|c', 'aB', true],
  ['a(?i)b|c', 'AB', false],
  ['(a(?i)b)c', 'aBC', false],
  ['(?i:a)b', 'Ab', true],
  ['(?-i:a)b', 'Ab', false],
  ['(?s)a.b', 'a\nb', true],
  ['a.b', 'a\nb', false],
  ['(?m)^b$', 'a\nb\nc', true],
  ['^b$', 'a\nb\nc', false],
  ['\\Ab\\z', 'b', true],
  ['\\Ab\\z', 'b\n', false],
  ['(?P<name>a+)b', 'aab', true],
  ['[[:alpha:]]+\\d', 'ab1', true],
  ['^[^[:space:]]+$', 'a b', false],
  ['[]a]+', ']', true],
  ['\\x60key\\x60', '`key`', true],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['\\x{41}', 'A', true],
  ['(?:^|/)vendor/', 'src/vendor/a', true],
  ['(?i)\\.(?:png|jpe?g)$', 'a.JPEG', true],
])('%s on %j', (source, text, expected) => {
  expect(boundedTest(regexOf(source), text)).toBe(expected);
});

describe('what JavaScript does not know', () => {
  it.each([['\\pL+'], ['(?U)a+'], ['\\C'], ['[[:^alpha:]]'], ['a)'], ['(a'], ['[a']])(
    '%s is told',
    (source) => {
      expect(fromGoRegex(source)).toMatchObject({ why: expect.any(String) });
    },
  );
});

it('stops a pattern that would not come to an end', () => {
  expect(boundedTest(regexOf('^(a+)+$'), `${'a'.repeat(60)}!`)).toBeUndefined();
  expect(boundedTest(regexOf('^a+$'), 'aaa')).toBe(true);
});
