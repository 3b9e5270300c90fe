import type { Contents, DatabasePart } from '../set/manifest.ts';
import type { Difference } from '../set/reports.ts';

interface Named {
  readonly schema: string;
  readonly name: string;
}

const shown = ({ schema, name }: Named): string => `${schema}.${name}`;
const keyOf = ({ schema, name }: Named): string => JSON.stringify([schema, name]);

/**
 * In what a copy differs from what the manifest says the source held. Empty is equal.
 * @param rowsOnly fingerprints are not compared: other major versions may hash in another way
 */
export function compareContents(
  { contents, sequencesAfter }: Pick<DatabasePart, 'contents' | 'sequencesAfter'>,
  copy: Contents,
  { rowsOnly = false }: { readonly rowsOnly?: boolean } = {},
): Difference[] {
  const after = new Map(sequencesAfter.map((entry) => [keyOf(entry), entry.value]));
  return [
    ...compareEach('table', contents.tables, copy.tables, (expected, found) =>
      expected.rows !== found.rows
        ? [rows(expected.rows), rows(found.rows)]
        : rowsOnly || expected.fingerprint === found.fingerprint
          ? undefined
          : [`content ${expected.fingerprint}`, `content ${found.fingerprint}`],
    ),
    ...compareEach('sequence', contents.sequences, copy.sequences, (expected, found) =>
      between(expected.value, found.value, after.get(keyOf(expected)) ?? expected.value)
        ? undefined
        : [sequenceText(expected.value), sequenceText(found.value)],
    ),
    ...compareEach(
      'materialized view',
      contents.materializedViews,
      copy.materializedViews,
      (a, b) =>
        a.populated === b.populated
          ? undefined
          : [
              a.populated ? 'populated' : 'not populated',
              b.populated ? 'populated' : 'not populated',
            ],
    ),
    ...one('large objects', largeText(contents, rowsOnly), largeText(copy, rowsOnly)),
    ...one('constraints', constraintText(contents), constraintText(copy)),
  ];
}

function compareEach<T extends Named>(
  what: string,
  expected: readonly T[],
  found: readonly T[],
  differ: (expected: T, found: T) => readonly [string, string] | undefined,
): Difference[] {
  const copies = new Map(found.map((entry) => [keyOf(entry), entry]));
  const known = new Set(expected.map(keyOf));
  return [
    ...expected.flatMap((entry) => {
      const copy = copies.get(keyOf(entry));
      const pair = copy ? differ(entry, copy) : (['present', 'missing'] as const);
      return pair ? [{ what, name: shown(entry), expected: pair[0], found: pair[1] }] : [];
    }),
    ...found
      .filter((entry) => !known.has(keyOf(entry)))
      .map((entry) => ({ what, name: shown(entry), expected: 'missing', found: 'present' })),
  ];
}

type SequenceState = Contents['sequences'][number]['value'];

/** pg_dump reads a sequence at some moment between the two readings around it. */
function between(before: SequenceState, found: SequenceState, after: SequenceState): boolean {
  const [a, value, b] = [before, found, after].map(position);
  if (a === undefined || value === undefined || b === undefined) return false;
  return a <= b ? a <= value && value <= b : b <= value && value <= a;
}

/** Twice the value, and one more once it was given out: 1 not called < 1 called < 2 called. */
const position = ({ value, called }: SequenceState): bigint =>
  BigInt(value) * 2n + (called ? 1n : 0n);

const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;
const sequenceText = ({ value, called }: SequenceState): string =>
  `${value}${called ? '' : ', not called yet'}`;
const largeText = (
  { largeObjects: { count, fingerprint } }: Contents,
  rowsOnly: boolean,
): string => (rowsOnly ? String(count) : `${count}, content ${fingerprint}`);
const constraintText = ({ constraints: { total, notValid } }: Contents): string =>
  `${total}, of which ${notValid} not validated`;

const one = (what: string, expected: string, found: string): Difference[] =>
  expected === found ? [] : [{ what, name: '', expected, found }];
