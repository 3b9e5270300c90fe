/** An entry of the table of contents of a dump, as `pg_restore --list --verbose` writes it. */
export interface TocEntry {
  readonly id: number;
  /** `TABLE`, `FK CONSTRAINT` … */
  readonly kind: string;
  /** Schema or `-`, name and owner. Names may have blanks, so it cannot be told where one ends. */
  readonly rest: string;
  readonly needs: readonly number[];
}

/** Kinds of several words, those that begin with another one first; others are of one word. */
const kinds = [
  ...['TABLE DATA', 'TABLE ATTACH', 'INDEX ATTACH', 'FK CONSTRAINT', 'CHECK CONSTRAINT'],
  ...['MATERIALIZED VIEW DATA', 'MATERIALIZED VIEW', 'SEQUENCE SET', 'SEQUENCE OWNED BY'],
  ...['ROW SECURITY', 'SECURITY LABEL', 'DEFAULT ACL', 'EVENT TRIGGER', 'FOREIGN TABLE'],
  ...['FOREIGN DATA WRAPPER', 'FOREIGN SERVER', 'USER MAPPING', 'SHELL TYPE', 'ACCESS METHOD'],
  ...['OPERATOR CLASS', 'OPERATOR FAMILY', 'PROCEDURAL LANGUAGE', 'PUBLICATION TABLES IN SCHEMA'],
  ...['PUBLICATION TABLE', 'DATABASE PROPERTIES', 'LARGE OBJECT', 'BLOB METADATA'],
  ...['TEXT SEARCH PARSER', 'TEXT SEARCH DICTIONARY', 'TEXT SEARCH TEMPLATE'],
  'TEXT SEARCH CONFIGURATION',
];

const entry = /^(\d+); (\d+) \d+ (.*)$/;
const needed = /^;\s+depends on:((?: \d+)+)\s*$/;

export function readToc(text: string): TocEntry[] {
  const entries: (Omit<TocEntry, 'needs'> & { needs: number[] })[] = [];
  for (const line of text.split('\n')) {
    const [, id, catalog, said = ''] = entry.exec(line) ?? [];
    const needs = needed.exec(line)?.[1];
    if (id !== undefined) {
      const kind = kindOf(said, catalog !== '0');
      entries.push({ id: Number(id), kind, rest: said.slice(kind.length + 1), needs: [] });
    } else if (needs !== undefined) {
      entries.at(-1)?.needs.push(...needs.trim().split(' ').map(Number));
    }
  }
  return entries;
}

/** `TABLE DATA` may be a table of a schema `DATA`; the data of one are in no catalog. */
function kindOf(said: string, inCatalog: boolean): string {
  const longer = kinds.find((kind) => said.startsWith(`${kind} `));
  if (longer !== undefined && !(inCatalog && longer === 'TABLE DATA')) return longer;
  return said.split(' ', 1).join('');
}
