import { Lexer } from 'yaml';

/** What a comment begins with that accepts findings. */
const marker = 'deploycheck-ignore';

/** A comment that begins with the {@link marker}, and where it stands. */
export interface IgnoreComment {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line it is about: its own where something stands before it, otherwise the next that says something. */
  readonly about: number;
  /** What follows the marker; a sign that is no space shows that another marker was meant. */
  readonly text: string;
}

const directive = new RegExp(`^#+\\s*${marker}`);

/**
 * The comments of a YAML text that accept findings. Texts without the marker are not read; in the others
 * words are told apart and nothing is parsed, so what looks like a comment within a value is none.
 */
export function commentsIn(file: string, text: string): readonly IgnoreComment[] {
  if (!text.includes(marker)) return [];
  const lines = text.split('\n');
  let line = 1;
  let column = 1;
  let isScalar = false;
  const found: IgnoreComment[] = [];
  for (const word of new Lexer().lex(text)) {
    if (controls.has(word)) {
      isScalar = word === scalarFollows;
      continue;
    }
    const prefix = isScalar ? null : directive.exec(word);
    if (prefix) {
      const about = isBlank(lines[line - 1]?.slice(0, column - 1)) ? below(lines, line) : line;
      const rest = word.slice(prefix[0].length).trimEnd();
      found.push({ file, line, column, about, text: rest });
    }
    isScalar = false;
    const newlines = word.split('\n').length - 1;
    line += newlines;
    column = newlines === 0 ? column + word.length : word.length - word.lastIndexOf('\n');
  }
  return found;
}

/** What the lexer puts between the words of the text; the last one announces a plain or block scalar. */
const scalarFollows = '\u001f';
const controls = new Set(['\u0002', '\u0018', scalarFollows]);

const isBlank = (text = ''): boolean => text.trim() === '';

/** Past blank lines, comments and the beginning of a document; 0 where nothing follows. */
function below(lines: readonly string[], line: number): number {
  const next = lines.findIndex(
    (text, index) => index >= line && !isBlank(text) && !/^\s*#|^---\s*(?:#.*)?$/.test(text),
  );
  return next + 1;
}

/** The parts of `RULE[, RULE] -- REASON`. */
export interface CommentParts {
  readonly rules: readonly string[];
  /** Undefined when the two dashes are missing. */
  readonly reason: string | undefined;
}

/** Undefined for a text that names no rule or goes on from the marker without a space. */
export function partsOf(text: string): CommentParts | undefined {
  if (!/^[\s:]/.test(text)) return undefined;
  const body = text.replace(/^[\s:]+/, '');
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(body);
  const named = dashes ? body.slice(0, dashes.index) : body;
  const words = named.split(/[\s,]+/).filter((word) => word !== '');
  // Without the dashes, what follows the first rule may be its reason.
  const rules = dashes ? words : words.slice(0, 1);
  if (rules.length === 0) return undefined;
  return { rules, reason: dashes ? body.slice(dashes.index + dashes[0].length) : undefined };
}
