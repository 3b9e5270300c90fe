import type { z } from 'zod';
import { nearest } from '../core/suggest.ts';
import type { PathSegment, YamlDocument } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** One line a problem: `line:column: path: what was found, what was expected, the nearest key`. */
export function describeIssues(
  issues: readonly Issue[],
  document: YamlDocument,
  schema: z.ZodType,
): string[] {
  return issues.flatMap((issue) => describeIssue(issue, document, schema));
}

function describeIssue(issue: Issue, document: YamlDocument, schema: z.ZodType): string[] {
  const path = issue.path.map((segment) => (typeof segment === 'symbol' ? '' : segment));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const { line, column } = document.locate([...path, key], 'key');
      const near = nearest(key, known);
      const rest = near ? `did you mean '${near}'?` : `expected one of ${known.join(', ')}`;
      return `${line}:${column}: ${dotted([...path, key])}: unknown key; ${rest}`;
    });
  }
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors;
    if (first && first.length > 0) {
      return first.flatMap((inner) =>
        describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, document, schema),
      );
    }
  }
  const { line, column } = document.locate(path);
  return [`${line}:${column}: ${dotted(path)}: ${sentence(issue, valueAt(document.value, path))}`];
}

function sentence(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_type') {
    return value === undefined
      ? `missing; expected ${article(issue.expected)}`
      : `found ${describe(value)}; expected ${article(issue.expected)}`;
  }
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String);
    const near = typeof value === 'string' ? nearest(value, options) : undefined;
    const hint = near ? `; did you mean '${near}'?` : '';
    const shown = near && typeof value === 'string' ? `'${value}'` : describe(value);
    return value === undefined
      ? `missing; expected ${options.join(' or ')}`
      : `found ${shown}; expected ${options.join(' or ')}${hint}`;
  }
  // The value is not shown: a password typed where a reference belongs lands here.
  return `expected ${issue.message}`;
}

function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  // A password typed where a mapping belongs lands here: text is named, not shown.
  return typeof value === 'string' ? 'text' : String(value);
}

const words: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function article(type: string): string {
  return words[type] ?? type;
}

function dotted(path: readonly PathSegment[]): string {
  return path.length === 0 ? 'the document' : path.join('.');
}

function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>(
    (at, segment) => (at !== null && typeof at === 'object' ? Reflect.get(at, segment) : undefined),
    value,
  );
}

/** The keys a strict object at `path` allows. */
function keysAt(schema: z.ZodType, path: readonly PathSegment[]): string[] {
  let at: unknown = schema;
  for (const segment of path) {
    const shape = unwrap(at);
    if (shape === undefined) return [];
    if (shape.shape && typeof segment === 'string') at = shape.shape[segment];
    else at = shape.element ?? shape.valueType;
  }
  return Object.keys(unwrap(at)?.shape ?? {});
}

interface Inner {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
}

/** Sees through optional(); zod keeps the inner schema in `def.innerType`. */
function unwrap(schema: unknown): Inner | undefined {
  if (schema === null || typeof schema !== 'object' || !('def' in schema)) return undefined;
  const def: unknown = schema.def;
  if (def === null || typeof def !== 'object') return undefined;
  return 'innerType' in def ? unwrap(def.innerType) : (def as Inner);
}
