import { expect, test } from 'vitest';
import { bytesText, countText, durationText, measureText, numberText } from './quantity-text.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [7_800_000, '2 h 10 min'],
])('%d ms is %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
])('%d bytes is %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test('numbers show no sign of binary fractions', () => {
  expect(numberText(0.1 + 0.2)).toBe('0.3');
  expect(measureText(12, 'ms')).toBe('12 ms');
  expect(measureText(0.5, '1')).toBe('0.5');
});

test('one thing is not many', () => {
  expect(countText(1, 'error')).toBe('1 error');
  expect(countText(0, 'error')).toBe('0 errors');
});
