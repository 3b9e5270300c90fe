import type { Contents, DatabasePart } from '../set/manifest.ts';
import type { Difference, Lacking } from '../set/reports.ts';
import type { NamedRelation as Named } from './names.ts';

const shown = ({ schema, name }: Named): string => `${schema}.${name}`;
const keyOf = ({ schema, name }: Named): string => JSON.stringify([schema, name]);

export interface Comparing {
  /** Fingerprints are not compared: other major versions may hash in another way. */
  readonly rowsOnly?: boolean;
  /** The columns of a table of the copy, in their order. */
  readonly columnsOf?: (table: Named) => readonly string[];
}

/** In what a copy differs from what the manifest says the source held. Empty is equal. */
export function compareContents(
  { contents, sequencesAfter }: Pick<DatabasePart, 'contents' | 'sequencesAfter'>,
  copy: Contents,
  { rowsOnly = false, columnsOf = () => [] }: Comparing = {},
): Difference[] {
  const after = new Map(sequencesAfter.map((entry) => [keyOf(entry), entry.value]));
  return [
    ...compareEach('table', contents.tables, copy.tables, (expected, found) =>
      tableDifference(expected, found, rowsOnly, columnsOf(found)),
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
    ...one('rights and comments of large objects', ...rights(contents, copy, rowsOnly)),
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

type TableContents = Contents['tables'][number];

function tableDifference(
  expected: TableContents,
  found: TableContents,
  rowsOnly: boolean,
  columns: readonly string[],
): readonly [string, string] | undefined {
  const more = found.rows - expected.rows;
  if (more !== 0) {
    return [
      rows(expected.rows),
      `${rows(found.rows)}, ${Math.abs(more)} ${more > 0 ? 'more' : 'less'}`,
    ];
  }
  const same = expected.fingerprint === found.fingerprint && expected.columns === found.columns;
  if (rowsOnly || same) return undefined;
  return [
    `content ${expected.fingerprint}`,
    `content ${found.fingerprint}${whereText(expected, found, columns)}`,
  ];
}

const shownColumns = 20;

/** What the sums of the columns tell, where both sides have them. */
function whereText(
  expected: TableContents,
  found: TableContents,
  columns: readonly string[],
): string {
  const [left, right] = [expected, found].map((side) => side.columns?.split(' ') ?? []);
  if (!left || !right || left.length !== right.length || columns.length !== left.length) return '';
  const differing = columns.filter((_, at) => left[at] !== right[at]);
  if (differing.length === 0) return ', the same values in other rows';
  const rest = differing.length - shownColumns;
  const names = differing.slice(0, shownColumns).map((name) => JSON.stringify(name));
  return `, in ${differing.length === 1 ? 'the column' : 'the columns'} ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
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
/** An earlier set has none; then there is nothing to differ from. */
const rights = (expected: Contents, found: Contents, rowsOnly: boolean): [string, string] => {
  const { rights: known } = expected.largeObjects;
  if (rowsOnly || known === undefined) return ['', ''];
  return [`content ${known}`, `content ${found.largeObjects.rights}`];
};
const constraintText = ({ constraints: { total, notValid } }: Contents): string =>
  `${total}, of which ${notValid} not validated`;

const one = (what: string, expected: string, found: string): Difference[] =>
  expected === found ? [] : [{ what, name: '', expected, found }];

/**
 * What is of another version than in the source because the server of the copy brings it along. No fault
 * of the set, and nothing that a comparison of rows can vouch for.
 */
export function otherVersions(
  { extensions, contents }: Pick<DatabasePart, 'extensions' | 'contents'>,
  copy: Pick<DatabasePart, 'extensions'> & { readonly contents: Pick<Contents, 'collations'> },
): Lacking[] {
  const why = (expected: string, found: string) =>
    `the set was made with version ${expected}, and the copy has ${found}`;
  const here = new Map(copy.extensions.map(({ name, version }) => [name, version]));
  const rules = new Map(copy.contents.collations?.map((entry) => [keyOf(entry), entry.version]));
  return [
    ...extensions.flatMap(({ name, version }) => {
      const found = here.get(name);
      // One that is not there at all is a difference of the schema.
      const differs = found !== undefined && found !== version;
      return differs ? [{ what: `extension ${name}`, why: why(version, found) }] : [];
    }),
    ...(contents.collations ?? []).flatMap((entry) => {
      const found = rules.get(keyOf(entry)) ?? null;
      const differs = entry.version !== null && found !== null && found !== entry.version;
      return differs ? [{ what: `collation ${shown(entry)}`, why: why(entry.version, found) }] : [];
    }),
  ];
}
