import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit, Fix } from '../core/finding.ts';
import { fixesByFile, withEdits } from './fixes.ts';

const edit = (line: number, from: number, to: number, text: string, file = 'a'): Edit => ({
  file,
  from: { line, column: from },
  to: { line, column: to },
  text,
});
const finding = (fix: Fix | undefined, waivedBy: string | null = null) => ({ fix, waivedBy });
const fix = (description: string, ...edits: Edit[]): Fix => ({ description, edits });

describe('edits of a text', () => {
  it.each([
    ['in a line', 'a: yes\nb: 1\n', [edit(1, 4, 7, 'no')], 'a: no\nb: 1\n'],
    ['two of a line', 'a: yes', [edit(1, 7, 7, '"'), edit(1, 4, 4, '"')], 'a: "yes"'],
    ['line ends stay', 'a: 1\r\nb: 2\r\n', [edit(2, 4, 5, '3')], 'a: 1\r\nb: 3\r\n'],
    ['at the very end', 'a: 1', [edit(1, 5, 5, '0')], 'a: 10'],
    ['none', 'a: 1\n', [], 'a: 1\n'],
  ])('%s', (_, text, edits, expected) => {
    expect(withEdits(text, edits)).toBe(expected);
  });

  it('are refused where the text has no such place', () => {
    expect(() => withEdits('a: 1\n', [edit(3, 1, 1, 'x')])).toThrow(RangeError);
    expect(() => withEdits('a: 1\nb: 2\n', [edit(1, 1, 9, 'x')])).toThrow(RangeError);
  });

  it('change nothing beside their pieces', () => {
    const line = fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.nat(), fc.string(), (lines, at, put) => {
        const number = at % lines.length;
        const text = lines.join('\n');
        const changed = withEdits(text, [edit(number + 1, 2, 4, put)]);
        const expected = lines.map((old, index) =>
          index === number ? old.slice(0, 1) + put + old.slice(3) : old,
        );
        expect(changed).toBe(expected.join('\n'));
      }),
    );
  });
});

it('takes the fixes of a file that do not touch each other', () => {
  const one = fix('one', edit(1, 4, 7, 'no'));
  const touching = fix('two', edit(1, 6, 9, 'x'));
  const other = fix('three', edit(2, 1, 2, 'y'), edit(2, 5, 6, 'z'));
  const elsewhere = fix('four', edit(1, 4, 7, 'no', 'b'));
  const waived = finding(fix('five', edit(9, 1, 2, '')), 'w');
  const all = [one, one, touching, undefined, other, elsewhere].map((entry) => finding(entry));
  expect(fixesByFile([...all, waived])).toEqual([
    { file: 'a', edits: [...one.edits, ...other.edits], descriptions: ['one', 'three'] },
    { file: 'b', edits: elsewhere.edits, descriptions: ['four'] },
  ]);
});
