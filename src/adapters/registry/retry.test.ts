import { describe, expect, it } from 'vitest';
import { maxTries, mayPass, retryDelay } from './retry.ts';

const now = new Date('2026-01-01T00:00:00Z');

describe('the wait before the next try', () => {
  it('doubles, spread by half', () => {
    const waits = [1, 2, 3].map((tries) =>
      [0, 1].map((random) => retryDelay(tries, null, now, random)),
    );
    expect(waits).toEqual([
      [200, 400],
      [400, 800],
      [800, 1600],
    ]);
  });

  it.each([
    ['0', 0],
    ['7', 7000],
    ['30', 30_000],
    ['31', undefined],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['Fri, 02 Jan 2026 00:00:00 GMT', undefined],
    ['soon', 400],
    ['-5', 400],
  ])('is what the server asks for: %s', (asked, expected) => {
    expect(retryDelay(1, asked, now, 1)).toBe(expected);
  });

  it('is none after the last try', () => {
    expect(retryDelay(maxTries, '0', now, 0)).toBeUndefined();
  });
});

it.each([
  [200, false],
  [404, false],
  [429, true],
  [500, true],
  [501, false],
  [503, true],
])('status %i may pass: %s', (status, expected) => {
  expect(mayPass(status)).toBe(expected);
});
