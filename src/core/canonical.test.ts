import { expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';

it('writes equal values alike', () => {
  expect(canonicalJson({ b: [1, { d: 1, c: null }], a: undefined })).toBe(
    '{"b":[1,{"c":null,"d":1}]}',
  );
});

it('writes equal values as equal bytes', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined })).toBe('{"b":[{"c":2,"d":1}]}');
});

it('orders keys that look like numbers as it orders others', () => {
  expect(canonicalJson({ 9: 'a', 10: 'b' })).toBe('{"10":"b","9":"a"}');
});
