import { describe, expect, it } from 'vitest';
import type { Contents } from '../set/manifest.ts';
import { compareContents, otherVersions } from './compare.ts';

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
  largeObjects: { count: 1, fingerprint: '9', rights: '7' },
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
    [
      'a row less',
      { tables: [{ ...table, rows: 1 }] },
      { expected: '2 rows', found: '1 row, 1 less' },
    ],
    [
      'rights of large objects',
      { largeObjects: { count: 1, fingerprint: '9', rights: '8' } },
      { what: 'rights and comments of large objects' },
    ],
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
      { largeObjects: { count: 0, fingerprint: '0', rights: '7' } },
      { what: 'large objects' },
    ],
    [
      'another large object',
      { largeObjects: { count: 1, fingerprint: '8', rights: '7' } },
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

  const columnsOf = () => ['id', 'say "x"', 'n'];
  it.each([
    ['7 8 9', '7 0 9', 'content 6, in the column "say \\"x\\""'],
    ['7 8 9', '1 8 2', 'content 6, in the columns "id", "n"'],
    ['7 8 9', '7 8 9', 'content 6, the same values in other rows'],
    [undefined, '7 8 9', 'content 6'],
    ['7 8', '7 8 9', 'content 6'],
  ])('says where rows differ: %s and %s', (left, right, found) => {
    const expected = { contents: { ...contents, tables: [{ ...table, columns: left }] } };
    const copy = {
      ...contents,
      tables: [{ ...table, fingerprint: '6', columns: right }],
    };
    expect(compareContents({ ...expected, sequencesAfter: [] }, copy, { columnsOf })).toMatchObject(
      [{ what: 'table', expected: 'content 5', found }],
    );
  });

  it('names a bounded number of columns', () => {
    const sums = (value: string) => Array.from({ length: 50 }, () => value).join(' ');
    const copy = { ...contents, tables: [{ ...table, columns: sums('1') }] };
    const source = { contents: { ...contents, tables: [{ ...table, columns: sums('0') }] } };
    const names = Array.from({ length: 50 }, (_, at) => `c${at}`);
    const [difference] = compareContents({ ...source, sequencesAfter: [] }, copy, {
      columnsOf: () => names,
    });
    expect(difference?.found).toMatch(/"c19" and 30 more$/);
  });

  it('says which versions the server brought along, and not what is lacking altogether', () => {
    const named = (name: string, version: string | null) => ({ schema: 'public', name, version });
    const source = {
      extensions: [
        { name: 'a', version: '1' },
        { name: 'b', version: '1' },
        { name: 'gone', version: '1' },
      ],
      contents: { ...contents, collations: [named('c', '1'), named('d', null), named('e', '2')] },
    };
    const copy = {
      extensions: [
        { name: 'a', version: '1' },
        { name: 'b', version: '2' },
      ],
      contents: { collations: [named('c', '3'), named('d', '1'), named('e', '2')] },
    };
    expect(otherVersions(source, copy).map(({ what }) => what)).toEqual([
      'extension b',
      'collation public.c',
    ]);
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
