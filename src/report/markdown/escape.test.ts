import { expect, test } from 'vitest';
import { code, prose } from './escape.ts';

test('running text holds no markup, no table cell and no mention', () => {
  expect(prose('a|b `c` <img> [x](y) *z* & @team #12 api@sha256')).toBe(
    'a\\|b \\`c\\` \\<img\\> \\[x\\]\\(y\\) \\*z\\* \\& @<!-- -->team \\#<!-- -->12 api@sha256',
  );
});

test('addresses do not become links', () => {
  expect(prose('https://a.b www.c.d')).toBe('https:<!-- -->//a.b www.<!-- -->c.d');
});

test('a code span is fenced by more backticks than it holds', () => {
  expect(code('a``b')).toBe('``` a``b ```');
  expect(code('a|b')).toBe('`a\\|b`');
  expect(code(' ')).toBe('');
});
