import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorSearch } from './anchors.ts';
import { findKeywords } from './keyword-search.ts';
import { buildKeywordTable } from './keyword-table.ts';

type Match = readonly [keyword: number, end: number];

/** Every place of every keyword, one after the other. */
function placesOf(keywords: readonly string[], text: string): Match[] {
  const found = keywords.flatMap((word, keyword) => {
    const ends: Match[] = [];
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
      ends.push([keyword, at + word.length]);
    }
    return ends;
  });
  const size = ([keyword]: Match) => keywords[keyword]?.length ?? 0;
  return found.sort((a, b) => a[1] - b[1] || size(b) - size(a));
}

/** As a stream is searched: each piece with the bytes before it. */
function searched(
  keywords: readonly string[],
  text: string,
  cuts: readonly number[] = [],
): readonly Match[] {
  const table = buildKeywordTable(keywords);
  const found: Match[] = [];
  const bytes = Buffer.from(text, 'latin1');
  let from = 0;
  for (const to of [...cuts, bytes.length].sort((a, b) => a - b)) {
    findKeywords(table, bytes.subarray(0, to), from, (keyword, end) => found.push([keyword, end]));
    from = to;
  }
  return found;
}

const few = fc.string({ unit: fc.constantFrom('a', 'b', '-', '\0', 'ÿ'), maxLength: 60 });
const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 3, maxLength: 7 });

describe('a search for keywords', () => {
  it('finds each wherever it stands, however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
        few,
        fc.array(fc.nat(60)),
        (keywords, text, cuts) => {
          const within = cuts.map((cut) => Math.min(cut, text.length));
          expect(searched(keywords, text, within)).toEqual(placesOf(keywords, text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds every anchor at even and odd offsets, between any two bytes', () => {
    const { anchors, table } = anchorSearch();
    anchors.forEach(({ text }, index) => {
      for (const before of ['', '\0', 'a', '/\xff', ' x:']) {
        for (const after of ['', '\0', 'z', '=12345678901']) {
          const ends: number[] = [];
          findKeywords(table, Buffer.from(`${before}${text}${after}`, 'latin1'), 0, (one, end) => {
            if (one === index) ends.push(end);
          });
          expect(ends, text).toContain(before.length + text.length);
        }
      }
    });
  });

  it('finds in long texts what stands across the blocks that it reads', () => {
    const keywords = ['needle', 'abc', 'longer-than-the-others'];
    for (const at of [32_757, 32_762, 32_765, 32_766, 32_767, 32_768, 65_531, 99_970]) {
      for (const [keyword, text] of keywords.entries()) {
        const whole = `${'.'.repeat(at)}${text}${'.'.repeat(100_000 - at - text.length)}`;
        expect(searched(keywords, whole)).toEqual([[keyword, at + text.length]]);
      }
    }
  });

  it('searches a part of a larger buffer and nothing beside it', () => {
    const table = buildKeywordTable(['abc']);
    const around = Buffer.from('xxabcabcabcxx');
    const ends: number[] = [];
    findKeywords(table, around.subarray(3, 10), 0, (_, end) => ends.push(end));
    expect(ends).toEqual([5]);
  });

  it('refuses keywords of which a window may not fit', () => {
    expect(() => buildKeywordTable(['ab'])).toThrow('fewer than three bytes');
  });
});
