import { expect, it } from 'vitest';
import { keptName } from './switch.ts';

const now = new Date('2026-11-21T15:15:00.123Z');

it('names of databases put aside fit into 63 bytes', () => {
  expect(keptName('shop', now)).toBe('shop_before_20261121T151500123Z');
  const long = keptName('ü'.repeat(31), now);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(63);
  expect(long).toMatch(/^ü+_before_20261121T151500123Z$/);
});
