import { expect, test } from 'vitest';
import { visible, visibleLines } from './visible.ts';

test('writes out what would act on a terminal, a line or the reading order', () => {
  expect(visible('a\u001b[2Jb\nc\r\t\u0000\u009b\u202e\u2028')).toBe(
    'a\\u{1b}[2Jb\\nc\\r\\t\\u{0}\\u{9b}\\u{202e}\\u{2028}',
  );
});

test('writes out what XML 1.0 and UTF-8 have no place for', () => {
  expect(visible('\uD800 \uFFFE \u{E0041}')).toBe('\\u{d800} \\u{fffe} \\u{e0041}');
});

test('leaves text of any language alone', () => {
  expect(visible('Grüße, 日本語, 👩 e\u0301 \\n')).toBe('Grüße, 日本語, 👩 e\u0301 \\n');
});

test('is idempotent', () => {
  const once = visible('\u001b\n\uD800');
  expect(visible(once)).toBe(once);
});

test('keeps the lines of a text that has lines, without empty ones', () => {
  expect(visibleLines('one\r\n\n  two \n\u001b')).toEqual(['one', '  two', '\\u{1b}']);
});
