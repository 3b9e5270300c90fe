import { Fault } from '../../core/fault.ts';
import { nearest } from '../../core/suggest.ts';
import type { NamedRelation } from '../database/names.ts';
import type { Contents, DatabasePart } from '../set/manifest.ts';
import type { Selection } from './selection.ts';
import type { TocEntry } from './toc.ts';

/** What of a dump is restored. */
export interface Chosen {
  /** Of its entries, in their order. */
  readonly entries: readonly TocEntry[];
  /** What belongs to a table that is restored, and needs one that is not. */
  readonly leftOut: readonly string[];
  readonly tables: Contents['tables'];
  readonly sequences: Contents['sequences'];
  readonly views: Contents['materializedViews'];
}

const relations = new Set(['TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW']);

/** These go with what they are about; that of a view, which is about tables, does not. */
const belonging = new Set([
  ...['TABLE DATA', 'MATERIALIZED VIEW DATA', 'DEFAULT', 'SEQUENCE', 'SEQUENCE SET'],
  ...['SEQUENCE OWNED BY', 'CONSTRAINT', 'CHECK CONSTRAINT', 'FK CONSTRAINT', 'INDEX'],
  ...['INDEX ATTACH', 'TABLE ATTACH', 'STATISTICS', 'TRIGGER', 'RULE', 'POLICY', 'ROW SECURITY'],
  ...['COMMENT', 'ACL', 'SECURITY LABEL'],
]);

/**
 * The entries that a selection takes: with a table its rows, defaults, sequences, constraints, indexes,
 * triggers, policies, rights and comments, its partitions, and the types, functions and the like that
 * these need. Tables are never taken that nobody named: what needs one is left out, and a table that
 * cannot be without one is refused.
 * @throws Fault `usage-invalid`
 */
export function chooseEntries(
  toc: readonly TocEntry[],
  selection: Selection,
  database: Pick<DatabasePart, 'roles' | 'contents'>,
): Chosen {
  const byId = new Map(toc.map((entry) => [entry.id, entry]));
  const is = (kind: string, named: NamedRelation) => {
    const texts = new Set(database.roles.map((role) => listed(named, role)));
    return (entry: TocEntry) => entry.kind === kind && texts.has(entry.rest);
  };
  const taken = new Set<number>();
  for (const named of selection.tables) {
    const found = toc.filter(is('TABLE', named));
    if (found.length !== 1) throw unknown('table', shown(named), tableNames(database));
    for (const { id } of found) taken.add(id);
  }
  for (const schema of selection.schemas) {
    const found = entriesOf(schema, toc);
    if (found.length === 0) throw unknown('schema', schema, schemaNames(database));
    for (const { id } of found) taken.add(id);
  }
  takePartitions(toc, taken);
  const leftOut = takeWhatBelongs(toc, byId, taken);
  const entries = toc.filter(({ id }) => taken.has(id));
  const taking = (kind: string) => (named: NamedRelation) => entries.some(is(kind, named));
  const { contents } = database;
  return {
    entries,
    leftOut,
    tables: contents.tables.filter(taking('TABLE')),
    sequences: contents.sequences.filter(taking('SEQUENCE')),
    views: contents.materializedViews.filter(taking('MATERIALIZED VIEW')),
  };
}

const shown = ({ schema, name }: NamedRelation): string => `${schema}.${name}`;

/** pg_restore puts a blank for the end of a line. */
const listed = ({ schema, name }: NamedRelation, owner: string): string =>
  `${schema} ${name} ${owner}`.replaceAll(/[\r\n]/g, ' ');

const tableNames = ({ contents }: Pick<DatabasePart, 'contents'>) => contents.tables.map(shown);
const schemaNames = ({ contents }: Pick<DatabasePart, 'contents'>) => [
  ...new Set(contents.tables.map(({ schema }) => schema)),
];

function unknown(what: string, name: string, names: readonly string[]): Fault {
  const near = nearest(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new Fault('usage-invalid', `the set holds no ${what} ${name}${hint}`);
}

/** @throws Fault `usage-invalid` when another schema begins with the same word */
function entriesOf(schema: string, toc: readonly TocEntry[]): TocEntry[] {
  const alike = toc.filter(
    ({ kind, rest }) => kind === 'SCHEMA' && rest.startsWith(`- ${schema} `),
  );
  if (alike.length > 1) {
    const why = 'the name of another one begins with it, and the dump does not keep them apart';
    throw new Fault('usage-invalid', `the schema ${schema} cannot be restored alone: ${why}`);
  }
  const own = (kind: string) =>
    kind === 'SEQUENCE' || !(belonging.has(kind) || kind.startsWith('PUBLICATION'));
  const inside = toc.filter(({ kind, rest }) => own(kind) && rest.startsWith(`${schema} `));
  return [...alike, ...inside];
}

/** A partition is attached to its parent by an entry that needs both. */
function takePartitions(toc: readonly TocEntry[], taken: Set<number>): void {
  const attached = toc.filter(({ kind }) => kind === 'TABLE ATTACH');
  for (let before = -1; before !== taken.size; ) {
    before = taken.size;
    for (const { needs } of attached) {
      const [child, parent] = needs;
      if (child !== undefined && parent !== undefined && taken.has(parent)) taken.add(child);
    }
  }
}

/** @returns what is left out, by its heading */
function takeWhatBelongs(
  toc: readonly TocEntry[],
  byId: ReadonlyMap<number, TocEntry>,
  taken: Set<number>,
): string[] {
  const partitions = new Set(
    toc.filter(({ kind }) => kind === 'TABLE ATTACH').flatMap(({ needs }) => needs.slice(0, 1)),
  );
  let left: TocEntry[] = [];
  for (let before = -1; before !== taken.size; ) {
    before = taken.size;
    left = [];
    for (const entry of toc) {
      const is = taken.has(entry.id);
      const needs = entry.needs.flatMap((id) => byId.get(id) ?? []);
      if (!is && !(belonging.has(entry.kind) && needs.some(({ id }) => taken.has(id)))) continue;
      const lacking = relationLacking(entry, byId, taken);
      if (lacking && !is) {
        // What is about another table alone shares no more than a function or a sequence.
        if (needs.some(({ id, kind }) => relations.has(kind) && taken.has(id))) left.push(entry);
        continue;
      }
      // A partition is made as a table of its own.
      if (lacking && !partitions.has(entry.id)) throw cannotBe(entry, lacking);
      taken.add(entry.id);
      for (const { id, kind } of needs) if (!relations.has(kind)) taken.add(id);
    }
  }
  return left.map(heading);
}

/** The relation that nobody selected and the entry cannot be without, be it for an index of that one. */
function relationLacking(
  { id: own, needs }: TocEntry,
  byId: ReadonlyMap<number, TocEntry>,
  taken: ReadonlySet<number>,
  depth = 0,
): TocEntry | undefined {
  for (const need of needs.flatMap((id) => byId.get(id) ?? [])) {
    if (taken.has(need.id) || need.id === own) continue;
    if (relations.has(need.kind)) return need;
    const through = belonging.has(need.kind) && depth < deepest;
    const lacking = through ? relationLacking(need, byId, taken, depth + 1) : undefined;
    if (lacking) return lacking;
  }
  return undefined;
}

/** An index that is attached needs one of a table: two steps; more is a dump of nobody's making. */
const deepest = 8;

const heading = ({ kind, rest }: TocEntry): string => `${kind.toLowerCase()} ${rest}`;

const cannotBe = (entry: TocEntry, lacking: TocEntry): Fault =>
  new Fault(
    'usage-invalid',
    `${heading(entry)} cannot be restored without ${heading(lacking)}; select that, too`,
  );
