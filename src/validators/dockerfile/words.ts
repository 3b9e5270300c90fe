/** A part of a text without white space outside of quotes, as it is written. */
export interface Span {
  readonly text: string;
  /** Index of its first character. */
  readonly start: number;
}

/** Splits at white space outside of quotes; the escape character takes the next one as it is. */
export function spansOf(text: string, escapeSign: string): Span[] {
  const spans: Span[] = [];
  let start = -1;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === '' && /\s/.test(character)) {
      if (start !== -1) spans.push({ text: text.slice(start, at), start });
      start = -1;
      continue;
    }
    if (start === -1) start = at;
    if (character === escapeSign && quote !== "'") at += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  if (start !== -1) spans.push({ text: text.slice(start), start });
  return spans;
}

/** A variable that a word of a Dockerfile refers to. */
export interface Reference {
  readonly name: string;
  /** Index of the dollar sign. */
  readonly index: number;
  /** Something stands in when it is not set: `${NAME:-default}`, `${NAME:+word}`. */
  readonly hasDefault: boolean;
}

/** A word without its quotes. */
export interface Expanded {
  /** With what variables hold; a reference to an unknown one stands as it is written. */
  readonly value: string;
  readonly references: readonly Reference[];
  /** False when the value of a variable was not known. */
  readonly complete: boolean;
}

export type Lookup = (name: string) => string | undefined;

const nameAhead = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?]/y;
const maxNesting = 32;

/**
 * Takes quotes and escapes off a word and fills variables in, as BuildKit does:
 * https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expand(
  word: string,
  escapeSign: string,
  lookup: Lookup = () => undefined,
): Expanded {
  const closing = word.includes('${') ? closingBraces(word) : new Map<number, number>();
  return expandPart({ word, escapeSign, lookup, closing }, 0, word.length, 0);
}

interface Reading {
  readonly word: string;
  readonly escapeSign: string;
  readonly lookup: Lookup;
  /** Where each opening brace is closed. */
  readonly closing: ReadonlyMap<number, number>;
}

function expandPart(reading: Reading, from: number, to: number, nesting: number): Expanded {
  const { word, escapeSign } = reading;
  const references: Reference[] = [];
  let value = '';
  let complete = true;
  let quoted = false;
  for (let at = from; at < to; at++) {
    const character = word.charAt(at);
    if (character === "'" && !quoted) {
      const found = word.indexOf("'", at + 1);
      const end = found === -1 ? to : Math.min(found, to);
      value += word.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (character === escapeSign && at + 1 < to) {
      const next = word.charAt(at + 1);
      value += quoted && !['"', '$', escapeSign].includes(next) ? escapeSign + next : next;
      at += 1;
    } else if (character === '$') {
      const found = variableAt(reading, at, nesting);
      if (!found) {
        value += character;
        continue;
      }
      for (const reference of found.references) references.push(reference);
      complete &&= found.value !== undefined;
      value += found.value ?? word.slice(at, found.end);
      at = found.end - 1;
    } else {
      value += character;
    }
  }
  return { value, references, complete };
}

interface FoundVariable {
  readonly references: readonly Reference[];
  readonly value: string | undefined;
  readonly end: number;
}

function variableAt(reading: Reading, index: number, nesting: number): FoundVariable | undefined {
  const { word, lookup, closing } = reading;
  const braced = word[index + 1] === '{';
  nameAhead.lastIndex = index + (braced ? 2 : 1);
  const name = nameAhead.exec(word)?.[0];
  if (name === undefined) return undefined;
  const held = lookup(name);
  const after = nameAhead.lastIndex;
  if (!braced) {
    return { references: [{ name, index, hasDefault: false }], value: held, end: after };
  }
  const close = closing.get(index + 1);
  if (close === undefined || nesting >= maxNesting) return undefined;
  const operator = /^(?::?[-+?]|##?|%%?|\/\/?)/.exec(word.slice(after, after + 2))?.[0] ?? '';
  const inner = expandPart(reading, after + operator.length, close, nesting + 1);
  const hasDefault = /[-+?]$/.test(operator);
  return {
    references: [{ name, index, hasDefault }, ...inner.references],
    value: substituted(operator, held, inner),
    end: close + 1,
  };
}

/** Patterns (`#`, `%`, `/`) are not followed: what they leave is not known. */
function substituted(operator: string, held: string | undefined, inner: Expanded) {
  const other = inner.complete ? inner.value : undefined;
  switch (operator) {
    case '':
      return held;
    case ':-':
      return held === undefined || held === '' ? other : held;
    case '-':
      return held ?? other;
    case ':+':
    case '+':
      return held === undefined ? '' : other;
    case ':?':
    case '?':
      return held;
    default:
      return undefined;
  }
}

function closingBraces(word: string): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < word.length; at++) {
    if (word[at] === '\\') at += 1;
    else if (word[at] === '{') open.push(at);
    else if (word[at] === '}') {
      const begin = open.pop();
      if (begin !== undefined) closing.set(begin, at);
    }
  }
  return closing;
}
