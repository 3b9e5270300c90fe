import { describe, expect, it } from 'vitest';
import { pauseMs } from './request.ts';

describe('the pause before another attempt', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it('is what the server asks for, within reason', () => {
    expect(pauseMs(1, '0')).toBe(0);
    expect(pauseMs(1, '3')).toBe(3000);
    expect(pauseMs(9, '3')).toBe(3000);
    expect(pauseMs(1, '86400')).toBe(10_000);
    expect(pauseMs(1, 'Thu, 01 Jan 2026 00:00:04 GMT', now)).toBe(4000);
    expect(pauseMs(1, 'Thu, 01 Jan 2026 00:00:00 GMT', now + 5000)).toBe(0);
  });

  it('grows, to a bound, and is not the same for all', () => {
    const pauses = (attempt: number) => Array.from({ length: 200 }, () => pauseMs(attempt, 'soon'));
    for (const [attempt, full] of [
      [1, 250],
      [3, 1000],
      [20, 10_000],
    ] as const) {
      expect(Math.min(...pauses(attempt))).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...pauses(attempt))).toBeLessThanOrEqual(full);
      expect(new Set(pauses(attempt)).size).toBeGreaterThan(100);
    }
  });
});
