import {
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
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
  readonly kind: 'syntax' | 'duplicate-key' | 'alias';
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
}

/** An alias may not expand to more than this many nodes: a bound against "billion laughs". */
const maxAliasCount = 100;

/** Parses all documents of a YAML 1.2 (or JSON) text; never throws for bad input. */
export function parseYaml(text: string): YamlDocument[] {
  const lines = new LineCounter();
  // YAML 1.1 scalars are resolved as Kubernetes' own parser does when `%YAML 1.1` asks for it.
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  return Array.isArray(documents) ? documents.map((document) => wrap(document, lines)) : [];
}

function wrap(document: Document.Parsed, lines: LineCounter): YamlDocument {
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: YamlProblem[] = document.errors.map((error) => ({
    ...at(error.pos[0]),
    message: firstLine(error.message),
    kind: error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'syntax',
  }));
  const start = at(document.contents?.range?.[0] ?? document.range[0]);

  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount });
    } catch (error) {
      problems.push({
        ...start,
        message: error instanceof Error ? firstLine(error.message) : String(error),
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
  };
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

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}
