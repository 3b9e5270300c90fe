export interface Statement {
  /** Without comments, white space collapsed, literals kept. */
  readonly text: string;
  /** Of its first character, from 1. */
  readonly line: number;
  readonly column: number;
  /** As written, comments blanked out. */
  readonly source: string;
}

export interface Loss {
  /** Such as `alter table orders drop column status`. */
  readonly statement: string;
  /** Of the words that take away, from 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * The statements of a script, by the lexical rules of PostgreSQL (manual, chapter 4.1): semicolons
 * inside of quotes, dollar quotes and comments end nothing.
 */
export function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let text = '';
  let start = 0;
  const end = () => {
    const collapsed = text.replaceAll(/\s+/g, ' ').trim();
    const source = text.trim();
    if (collapsed !== '') statements.push({ text: collapsed, source, ...placeAt(sql, start) });
    text = '';
  };
  for (let at = 0; at < sql.length; ) {
    const comment = commentLength(sql, at);
    if (comment > 0) {
      text += sql.slice(at, at + comment).replaceAll(/[^\n]/g, ' ');
      at += comment;
      continue;
    }
    const quoted = quotedLength(sql, at);
    const piece = sql.slice(at, at + Math.max(1, quoted));
    at += piece.length;
    if (piece === ';') {
      end();
      continue;
    }
    if (text.trim() === '') start = at - piece.length;
    text += piece;
  }
  end();
  return statements;
}

function placeAt(sql: string, offset: number): { line: number; column: number } {
  const lines = sql.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function commentLength(sql: string, at: number): number {
  if (sql.startsWith('--', at)) {
    const newline = sql.indexOf('\n', at);
    return (newline === -1 ? sql.length : newline) - at;
  }
  if (!sql.startsWith('/*', at)) return 0;
  // Comments of this form nest.
  let depth = 0;
  for (let inside = at; inside < sql.length; inside++) {
    if (sql.startsWith('/*', inside)) {
      depth++;
      inside++;
    } else if (sql.startsWith('*/', inside)) {
      depth--;
      inside++;
      if (depth === 0) return inside + 1 - at;
    }
  }
  return sql.length - at;
}

const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/** Length of a quoted piece that starts here; 0 when none does. */
function quotedLength(sql: string, at: number): number {
  const first = sql[at];
  if (first === '$') {
    dollarTag.lastIndex = at;
    const tag = dollarTag.exec(sql)?.[0];
    if (tag === undefined) return 0;
    const close = sql.indexOf(tag, at + tag.length);
    return (close === -1 ? sql.length : close + tag.length) - at;
  }
  if (first !== "'" && first !== '"') return 0;
  const escapes = first === "'" && /[eE]/.test(sql[at - 1] ?? '');
  for (let inside = at + 1; inside < sql.length; inside++) {
    if (escapes && sql[inside] === '\\') inside++;
    else if (sql[inside] === first) {
      if (sql[inside + 1] !== first) return inside + 1 - at;
      inside++;
    }
  }
  return sql.length - at;
}

/** Statements that take rows or values away, and the word that does. What a block of code does is not seen. */
const destructive: readonly { readonly pattern: RegExp; readonly word: RegExp }[] = [
  {
    pattern: /^drop (table|schema|database|materialized view|type|domain|sequence)\b/i,
    word: /\bdrop\b/i,
  },
  { pattern: /^truncate\b/i, word: /\btruncate\b/i },
  { pattern: /^(with\b.*\b)?(delete from|update)\b/i, word: /\b(delete|update)\b/i },
  {
    pattern:
      /^alter table\b.*\bdrop (?!constraint\b|default\b|not null\b|expression\b|identity\b)/i,
    word: /\bdrop\b/i,
  },
  {
    pattern: /^alter table\b.*\balter (column )?\S+ (set data )?type\b/i,
    word: /\balter\b(?!\s+table\b)/i,
  },
];

export function lossesOf(statements: readonly Statement[]): Loss[] {
  return statements.flatMap((statement) => {
    const { text, source, line, column } = statement;
    const found = destructive.find(({ pattern }) => pattern.test(text));
    if (!found) return [];
    const place = placeAt(source, Math.max(0, source.search(found.word)));
    const inLine = place.line === 1 ? column - 1 : 0;
    const at = { line: line + place.line - 1, column: place.column + inLine };
    return [{ statement: text, ...at }];
  });
}

/**
 * Changes that PostgreSQL makes in its catalog whatever the size of the table (manual, ALTER TABLE:
 * dropping a column does not touch the rows). Waiting for the lock comes on top.
 */
const catalogChanges: readonly RegExp[] = [
  /^drop (table|index|view|sequence|type|function|trigger|schema|policy|domain)\b(?!.*\bconcurrently\b)/i,
  /^alter table\b[^,]*\bdrop\b[^,]*(,\s*drop\b[^,]*)*$/i,
  /^alter (table|index|view|sequence|type)\b.*\brename\b/i,
  /^(comment on|set|reset|grant|revoke)\b/i,
  /^(begin|commit|start transaction)\b/i,
];

export function isCatalogOnly(statements: readonly Statement[]): boolean {
  return (
    statements.length > 0 &&
    statements.every(({ text }) => catalogChanges.some((pattern) => pattern.test(text)))
  );
}

/** What takes something away from, or asks something new of, the release before. */
const contracting: readonly RegExp[] = [
  ...destructive.map(({ pattern }) => pattern),
  /^drop\b/i,
  /^alter\b.*\brename\b/i,
  /^alter table\b.*\bset not null\b/i,
  /^alter table\b.*\badd (column )?(?!constraint\b|primary\b|unique\b|foreign\b|check\b)\S+ (?!.*\bdefault\b).*\bnot null\b/i,
  /^do\b/i,
];

/** Whether the release before finds everything it knew: said by the text, not proven by a run. */
export function isExpandOnly(statements: readonly Statement[]): boolean {
  return (
    statements.length > 0 &&
    !statements.some(({ text }) => contracting.some((pattern) => pattern.test(text)))
  );
}
