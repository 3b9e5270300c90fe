import type { Schema } from '../pool-file.ts';
import { isRecord, type Path, typeName } from '../read.ts';
import { unmet } from './constraints.ts';
import { mismatch } from './mismatch.ts';
import { fieldHint } from './unknown-field.ts';

/** What is wrong with one part of a value. Holds names and types, never values: they may be secret. */
export interface Violation {
  readonly messageId:
    | 'unknown-field'
    | 'wrong-type'
    | 'not-allowed'
    | 'required-missing'
    | 'duplicate-list-key'
    | 'duplicate-list-entry';
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly data: Readonly<Record<string, string>>;
}

/** The schema that a `$ref` names. */
export type Resolve = (reference: string) => Schema | undefined;

/** The fields that every object has, and that definitions of custom resources leave out. */
const objectFields = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
} as const satisfies Record<string, Schema>;

/**
 * Compares a value with a schema, by the keywords that the API server publishes and that structural
 * schemas of custom resources have. Null stands for an absent field, as the server reads it.
 */
export function walk(value: unknown, schema: Schema, resolve: Resolve): Violation[] {
  const violations: Violation[] = [];
  visit(value, schema, []);
  return violations;

  function visit(part: unknown, written: Schema, path: Path, around?: Schema): void {
    if (part === null || part === undefined) return;
    const reference = written.$ref;
    const known = resolved(written);
    const expected = mismatch(part, known, reference);
    if (expected !== undefined) {
      // The words and numbers of YAML 1.1: `no`, `on`, `0644`.
      const isScalar = typeof part === 'boolean' || typeof part === 'number';
      const hint = isScalar && expected === 'a string' ? '; put it in quotes' : '';
      const data = { field: fieldName(path), expected, actual: typeName(part), hint };
      violations.push({ messageId: 'wrong-type', path, part: 'value', data });
      return;
    }
    for (const demand of unmet(part, known)) {
      const data = { field: fieldName(path), demand };
      violations.push({ messageId: 'not-allowed', path, part: 'value', data });
    }
    if (isRecord(part)) visitFields(part, known, path, around);
    else if (Array.isArray(part)) visitItems(part, known, path, around);
  }

  function resolved(written: Schema): Schema {
    const reference = written.$ref;
    return reference === undefined ? written : (resolve(reference) ?? {});
  }

  /** @param around the schema of the object that this one is a field of */
  function visitFields(
    part: Readonly<Record<string, unknown>>,
    known: Schema,
    path: Path,
    around: Schema | undefined,
  ): void {
    const properties: Readonly<Record<string, Schema>> = known['x-kubernetes-embedded-resource']
      ? { ...known.properties, ...objectFields }
      : (known.properties ?? {});
    const rest = known.additionalProperties;
    for (const name of known.required ?? []) {
      if ((Object.hasOwn(part, name) ? part[name] : null) !== null) continue;
      const data = { field: name, parent: fieldName(path) };
      violations.push({ messageId: 'required-missing', path: [...path, name], part: 'key', data });
    }
    const open = takesAnyField(known);
    for (const [name, field] of Object.entries(part)) {
      const at = [...path, name];
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property) visit(field, property, at, known);
      else if (typeof rest === 'object') visit(field, rest, at, known);
      else if (!open) {
        const outside = { name: fieldName(outerPath(path)), properties: around?.properties ?? {} };
        const hint = fieldHint(name, properties, outside, resolved);
        const data = { field: name, parent: fieldName(path), hint };
        violations.push({ messageId: 'unknown-field', path: at, part: 'key', data });
      }
    }
  }

  function visitItems(
    part: readonly unknown[],
    known: Schema,
    path: Path,
    around: Schema | undefined,
  ): void {
    const { items } = known;
    if (!items) return;
    for (const [index, item] of part.entries()) visit(item, items, [...path, index], around);
    const keys = known['x-kubernetes-list-map-keys'];
    if (keys) {
      const itemSchema = resolved(items);
      const data = { list: fieldName(path), keys: keys.join(' and ') };
      repeated(part, (item) => listKey(item, keys, itemSchema), 'duplicate-list-key', data, path);
    } else if (known['x-kubernetes-list-type'] === 'set') {
      const data = { list: fieldName(path) };
      repeated(part, (item) => JSON.stringify(item), 'duplicate-list-entry', data, path);
    }
  }

  function repeated(
    part: readonly unknown[],
    keyOf: (item: unknown) => string | undefined,
    messageId: Violation['messageId'],
    data: Readonly<Record<string, string>>,
    path: Path,
  ): void {
    const first = new Map<string, number>();
    for (const [index, item] of part.entries()) {
      const key = keyOf(item);
      if (key === undefined) continue;
      const earlier = first.get(key);
      if (earlier === undefined) {
        first.set(key, index);
        continue;
      }
      const at = [...path, index];
      const told = { ...data, earlier: `[${earlier}]` };
      violations.push({ messageId, path: at, part: 'value', data: told });
    }
  }
}

/** The object that a part is in; lists between do not count. */
function outerPath(path: Path): Path {
  const outer = path.slice(0, -1);
  return typeof path.at(-1) === 'number' ? outerPath(outer) : outer;
}

function fieldName(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the object';
  return typeof last === 'number' ? `${fieldName(path.slice(0, -1))}[${last}]` : last;
}

/** An object schema that lists no fields takes any: RawExtension and FieldsV1 of the native types. */
function takesAnyField(schema: Schema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.additionalProperties === true ||
    schema.properties === undefined
  );
}

/** The values that identify an item of a list map; undefined when it lacks one without a default. */
function listKey(item: unknown, keys: readonly string[], schema: Schema): string | undefined {
  if (!isRecord(item)) return undefined;
  const values = keys.map((key) => {
    const given = Object.hasOwn(item, key) ? item[key] : undefined;
    return given ?? schema.properties?.[key]?.default;
  });
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}
