import { expect, it } from 'vitest';
import { fitsInTime } from './fits-in-time.ts';

it('answers, or says that it does not know', () => {
  expect(fitsInTime(/b$/, 'ab', 200)).toBe(true);
  expect(fitsInTime(/c$/, 'ab', 200)).toBe(false);
  expect(fitsInTime(/^(a+)+$/, `${'a'.repeat(60)}!`, 100)).toBeUndefined();
  // What has to be remembered for going back is more than there is room for.
  expect(fitsInTime(/^(?:a|b)*c/, 'ab'.repeat(5_000_000), 5000)).toBeUndefined();
});

it('says of a pattern that remembers where it stands what it would say of any text', () => {
  expect(fitsInTime(/a/y, 'ba', 200)).toBe(false);
  expect(fitsInTime(/a/y, 'ab', 200)).toBe(true);
});
