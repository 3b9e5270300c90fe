import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './suggest.ts';

describe('nearest', () => {
  it.each([
    ['replica', ['replicas', 'selector'], 'replicas'],
    ['servics', ['services', 'version'], 'services'],
    ['teh', ['the', 'ten'], 'the'],
    ['IMAGE', ['image'], 'image'],
  ])('%s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it('names nothing when nothing is near', () => {
    expect(nearest('zzz', ['services', 'version'])).toBeUndefined();
  });
});

it('is a distance: zero for equals, symmetric, bounded by the longer word', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
