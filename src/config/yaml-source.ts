import {
  Composer,
  type CST,
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  Parser,
  type Schema,
  visit,
} from 'yaml';

/** Line and column of a character, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type PathSegment = string | number;

export interface YamlProblem extends Position {
  /** One line, without the source excerpt that the parser appends. */
  readonly message: string;
  readonly kind: 'syntax' | 'duplicate-key' | 'alias' | 'depth';
}

export interface YamlOptions {
  /** How plain scalars become values; the core schema of YAML 1.2 when left out. */
  readonly schema?: Schema;
}

/** One document of a YAML or JSON file: its plain value, and where each part of it stands. */
export interface YamlDocument {
  /** Undefined when `problems` is not empty. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  readonly start: Position;
  /**
   * Position of the value at a path, or of its key. Falls back to the nearest ancestor that exists,
   * so a missing field points to the object that lacks it.
   */
  locate(path: readonly PathSegment[], part?: 'key' | 'value'): Position;
  /**
   * The text of a scalar value at a path, or of a key; undefined for what is no scalar on one line, is not
   * there, or comes from an alias.
   */
  span(path: readonly PathSegment[], part?: 'key' | 'value'): Span | undefined;
}

/** A piece of text within one line. */
export interface Span {
  readonly from: Position;
  /** Where it no longer goes. */
  readonly to: Position;
  readonly text: string;
}

/** An alias may not expand to more than this many nodes: a bound against "billion laughs". */
const maxAliasCount = 100;

/** Collections may not stand deeper in one another: a bound for everything that recurses. */
export const maxDepth = 200;

/** Parses all documents of a YAML (or JSON) text; never throws for bad input. */
export function parseYaml(text: string, options: YamlOptions = {}): YamlDocument[] {
  const lines = new LineCounter();
  let deep: number | undefined;
  // The parser is iterative and the composer is not, so depth is looked at in between.
  function* boundedTokens(): Generator<CST.Token> {
    for (const token of new Parser(lines.addNewLine).parse(text)) {
      deep = offsetBelowBound(token);
      if (deep !== undefined) return;
      yield token;
    }
  }
  // The composer compares every key with all others of its map; `duplicateKeys` does it in one pass.
  const settings = { uniqueKeys: false, strict: true, logLevel: 'error' } as const;
  const composer = new Composer({ ...options, ...settings });
  const documents = [...composer.compose(boundedTokens())];
  if (deep !== undefined) return [tooDeep(positionOf(lines, deep))];
  return documents.map((document) => wrap(document, lines, text));
}

function tooDeep(start: Position): YamlDocument {
  const message = `collections are nested deeper than ${maxDepth}`;
  const problem: YamlProblem = { ...start, message, kind: 'depth' };
  return {
    value: undefined,
    problems: [problem],
    start,
    locate: () => start,
    span: () => undefined,
  };
}

/** Offset of a collection past {@link maxDepth}, or undefined. */
function offsetBelowBound(root: CST.Token): number | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      for (const part of [key, value]) if (part) open.push({ token: part, depth: depth + 1 });
    }
  }
  return undefined;
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function wrap(document: Document.Parsed, lines: LineCounter, text: string): YamlDocument {
  const at = (offset: number): Position => positionOf(lines, offset);
  const problems: YamlProblem[] = document.errors.map((error) => ({
    ...at(error.pos[0]),
    message: firstLine(error.message),
    kind: 'syntax',
  }));
  for (const { name, offset } of duplicateKeys(document)) {
    const message = `the key '${name}' is written twice in one map`;
    problems.push({ ...at(offset), message, kind: 'duplicate-key' });
  }
  const start = at(document.contents?.range?.[0] ?? document.range[0]);

  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount });
    } catch {
      // In words of our own: the parser's quote the value, which may be a password that begins with *.
      const unresolved = unresolvedAlias(document);
      problems.push({
        ...at(unresolved ?? offsetOf(document.contents) ?? 0),
        message:
          unresolved === undefined
            ? 'aliases expand to more than is allowed'
            : 'an alias without an anchor before it; a text that begins with * has to be quoted',
        kind: 'alias',
      });
    }
  }

  return {
    value,
    problems,
    start,
    locate(path, part = 'value') {
      let node: unknown = document.contents;
      let position = start;
      for (const [depth, segment] of path.entries()) {
        const last = depth === path.length - 1;
        if (isMap(node)) {
          const pair = node.items.find(
            (item) =>
              isPair(item) && isScalar(item.key) && String(item.key.value) === String(segment),
          );
          if (!pair) return position;
          const useKey = (last && part === 'key') || !hasRange(pair.value);
          position = at(offsetOf(useKey ? pair.key : pair.value) ?? 0);
          node = pair.value;
        } else {
          const child = nodeAt(node, segment);
          if (!child) return position;
          position = at(offsetOf(child) ?? 0);
          node = child;
        }
      }
      return position;
    },
    span(path, part = 'value') {
      const inner = document.getIn(path.slice(0, -1), true);
      const last = path.at(-1);
      const entry = isMap(inner)
        ? inner.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
        : undefined;
      const node = part === 'key' ? entry?.key : (entry?.value ?? nodeAt(inner, last ?? 0));
      if (!isScalar(node) || !hasRange(node)) return undefined;
      const [begin, end] = node.range;
      const [from, to] = [at(begin), at(end)];
      return from.line === to.line ? { from, to, text: text.slice(begin, end) } : undefined;
    },
  };
}

/** The second and later places of a key within one map, in the order of the text. */
function duplicateKeys(document: Document.Parsed): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) found.push({ name, offset: offsetOf(key) ?? 0 });
        seen.add(name);
      }
    },
  });
  return found;
}

/** Offset of the first alias without an anchor before it. */
function unresolvedAlias(document: Document.Parsed): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      offset = offsetOf(alias);
      return visit.BREAK;
    },
  });
  return offset;
}

function nodeAt(node: unknown, segment: PathSegment): Node | undefined {
  if (node === null || typeof node !== 'object' || !('items' in node)) return undefined;
  const items: unknown = node.items;
  const child: unknown = Array.isArray(items) ? items[Number(segment)] : undefined;
  return hasRange(child) ? child : undefined;
}

function hasRange(node: unknown): node is Node & { range: [number, number, number] } {
  return node !== null && typeof node === 'object' && 'range' in node && Array.isArray(node.range);
}

function offsetOf(node: unknown): number | undefined {
  return hasRange(node) ? node.range[0] : undefined;
}

/** What the parser quotes from the file is left out: it may be secret. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '')
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/:? *"(?:[^"\\]|\\.)*"/g, '');
}
