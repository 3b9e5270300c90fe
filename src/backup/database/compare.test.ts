import { describe, expect, it } from 'vitest';
import type { Contents } from '../set/manifest.ts';
import { compareContents } from './compare.ts';

const table = {
  schema: 'public',
  name: 'orders',
  rows: 2,
  method: 'record',
  fingerprint: '5',
} as const;
const sequence = { schema: 'public', name: 's', value: { value: '7', called: true } };
const contents: Contents = {
  tables: [table],
  sequences: [sequence],
  materializedViews: [{ schema: 'public', name: 'v', populated: true }],
  largeObjects: { count: 1, fingerprint: '9' },
  constraints: { total: 3, notValid: 0 },
};
const expected = { contents, sequencesAfter: [sequence] };
const compare = (change: Partial<Contents>) =>
  compareContents(expected, { ...contents, ...change });

describe('comparing what a copy holds', () => {
  it('finds nothing in an equal copy', () => {
    expect(compare({})).toEqual([]);
  });

  it.each<[string, Partial<Contents>, object]>([
    ['a row less', { tables: [{ ...table, rows: 1 }] }, { expected: '2 rows', found: '1 row' }],
    [
      'other rows',
      { tables: [{ ...table, fingerprint: '6' }] },
      { what: 'table', name: 'public.orders' },
    ],
    ['no table', { tables: [] }, { expected: 'present', found: 'missing' }],
    [
      'one table more',
      { tables: [table, { ...table, name: 'x' }] },
      { name: 'public.x', found: 'present' },
    ],
    [
      'a view unfilled',
      { materializedViews: [{ schema: 'public', name: 'v', populated: false }] },
      { found: 'not populated' },
    ],
    [
      'a large object less',
      { largeObjects: { count: 0, fingerprint: '0' } },
      { what: 'large objects' },
    ],
    [
      'another large object',
      { largeObjects: { count: 1, fingerprint: '8' } },
      { what: 'large objects' },
    ],
    [
      'a constraint not validated',
      { constraints: { total: 3, notValid: 1 } },
      { what: 'constraints' },
    ],
    [
      'a sequence set back',
      { sequences: [{ ...sequence, value: { value: '6', called: true } }] },
      { what: 'sequence' },
    ],
    [
      'a sequence not called',
      { sequences: [{ ...sequence, value: { value: '7', called: false } }] },
      { found: '7, not called yet' },
    ],
  ])('finds %s', (_, change, difference) => {
    expect(compare(change)).toEqual([expect.objectContaining(difference)]);
  });

  it('takes a sequence for equal that went on while the dump was made, in either direction', () => {
    const at = (value: string) => [{ ...sequence, value: { value, called: true } }];
    const between = (before: string, after: string, found: string) =>
      compareContents(
        { contents: { ...contents, sequences: at(before) }, sequencesAfter: at(after) },
        { ...contents, sequences: at(found) },
      ).length;
    expect(between('7', '9', '8')).toBe(0);
    expect(between('9', '7', '8')).toBe(0);
    expect(between('7', '9', '10')).toBe(1);
  });

  it('counts rows alone where hashes are not comparable', () => {
    const copy = { ...contents, tables: [{ ...table, fingerprint: '6' }] };
    expect(compareContents(expected, copy, { rowsOnly: true })).toEqual([]);
  });

  it('keeps names with dots apart', () => {
    const dotted = [{ ...table, schema: 'a.b', name: 'c' }];
    const other = [{ ...table, schema: 'a', name: 'b.c' }];
    const { length } = compareContents(
      { contents: { ...contents, tables: dotted }, sequencesAfter: [sequence] },
      { ...contents, tables: other },
    );
    expect(length).toBe(2);
  });
});
