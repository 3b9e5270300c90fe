import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsIn, lsnOf, numberOf, readHistory, segmentNamed } from './wal.ts';

const mebibyte = 1024 * 1024;
const size = 16 * mebibyte;
const names = (from: number, to: number, timeline = 1): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => segmentNamed(timeline, from + at, size));

describe('segments', () => {
  it('have the names of PostgreSQL', () => {
    expect(segmentNamed(1, 255, size)).toBe('0000000100000000000000FF');
    expect(segmentNamed(1, 256, size)).toBe('000000010000000100000000');
    expect(numberOf('000000010000000100000000', size)).toBe(256);
    expect(segmentNamed(3, 4, 1024 * mebibyte)).toBe('000000030000000100000000');
    expect([lsnOf('1/2000028'), lsnOf('x')]).toEqual([(1n << 32n) + 0x2000028n, undefined]);
  });

  it('are missing when one is, wherever it is', () => {
    const start = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(start, fc.integer({ min: 2, max: 600 }), fc.nat(), (first, length, pick) => {
        const all = names(first, first + length);
        const [from = '', last = ''] = [all[0], all.at(-1)];
        expect(gapsIn(all, from, [], size)).toEqual({ last, missing: 0, examples: [] });
        const gone = all[pick % length] ?? '';
        const rest = all.filter((name) => name !== gone);
        expect(gapsIn(rest, from, [], size)).toEqual({ last, missing: 1, examples: [gone] });
      }),
    );
  });

  it('are missing when there are none', () => {
    const [from = ''] = names(5, 5);
    expect(gapsIn([], from, [], size)).toEqual({ last: null, missing: 1, examples: [from] });
  });

  it('are those of the timeline that leads to the newest', () => {
    const history = readHistory('1\t0/5000148\tno recovery target specified\n') ?? [];
    const [from = ''] = names(2, 2);
    // The second timeline begins in the fifth; the first went on, in vain.
    const whole = [...names(2, 9), ...names(5, 7, 2)];
    expect(gapsIn(whole, from, history, size)).toMatchObject({ missing: 0 });
    const gap = whole.filter((name) => name !== segmentNamed(2, 6, size));
    expect(gapsIn(gap, from, history, size)).toMatchObject({
      missing: 1,
      examples: [segmentNamed(2, 6, size)],
    });
  });

  it('have a history or none', () => {
    expect(readHistory('# a comment\n\n1\t0/5000148\tx\n2\t0/7000000\ty\n')).toEqual([
      { timeline: 1, at: 0x5000148n },
      { timeline: 2, at: 0x7000000n },
    ]);
    expect(readHistory('<html>')).toBeUndefined();
  });
});
