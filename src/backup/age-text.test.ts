import { expect, it } from 'vitest';
import { durationText, sizeText } from './age-text.ts';

it('durations and sizes are short', () => {
  expect([0, 999, 61_000, 90_000_000, 86_400_000].map(durationText)).toEqual([
    '0 ms',
    '999 ms',
    '1 min 1 s',
    '1 d 1 h',
    '1 d',
  ]);
  expect([0, 1023, 1536, 5 * 1024 ** 3].map(sizeText)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '5.0 GiB',
  ]);
});
