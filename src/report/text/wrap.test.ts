import { expect, test } from 'vitest';
import { displayWidth } from './display-width.ts';
import { inert } from './log-command.ts';
import { hang, wrap } from './wrap.ts';

test('breaks at spaces and cuts only what is longer than a line', () => {
  expect(wrap('one two three four five six', 20)).toEqual(['one two three four', 'five six']);
  expect(wrap(`a ${'x'.repeat(45)} b`, 20)).toEqual([
    'a',
    'x'.repeat(20),
    'x'.repeat(20),
    'xxxxx b',
  ]);
});

test('loses no word, whatever the width', () => {
  const text = 'The readiness probe of container api asks port http2.';
  for (const width of [1, 20, 33, 80]) expect(wrap(text, width).join(' ')).toBe(text);
});

test('counts columns, not code units', () => {
  expect(displayWidth('日本')).toBe(4);
  expect(displayWidth('e\u0301')).toBe(1);
  expect(wrap('日本語日本語日本語日本語', 20)).toEqual(['日本語日本語日本語日', '本語']);
});

test('hangs the further lines under the first', () => {
  expect(hang('  - ', 'one two three four five', 24)).toEqual([
    '  - one two three four',
    '    five',
  ]);
});

test('no line speaks to a CI runner', () => {
  expect(inert('   ::error::x')).toBe('   \\u{3a}:error::x');
  expect(inert('a ##[set-env] ##vso[task] ## x')).toBe(
    'a #\\u{23}[set-env] #\\u{23}vso[task] ## x',
  );
});
