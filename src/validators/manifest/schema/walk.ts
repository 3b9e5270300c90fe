import { nearest } from '../../../core/suggest.ts';
import { isRecord, type Path, typeName } from '../read.ts';
import type { Schema } from '../schema-pool.ts';

/** What is wrong with one part of a value. Holds names and types, never values: they may be secret. */
export interface Violation {
  readonly messageId: 'unknown-field' | 'wrong-type' | 'required-missing' | 'duplicate-list-key';
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

  function visit(part: unknown, written: Schema, path: Path): void {
    if (part === null || part === undefined) return;
    const reference = referenceOf(written);
    const known = reference === undefined ? written : (resolve(reference) ?? {});
    const expected = mismatch(part, known, reference);
    if (expected !== undefined) {
      const data = { field: fieldName(path), expected, actual: typeName(part) };
      violations.push({ messageId: 'wrong-type', path, part: 'value', data });
    } else if (isRecord(part)) visitFields(part, known, path);
    else if (Array.isArray(part)) visitItems(part, known, path);
  }

  function visitFields(part: Readonly<Record<string, unknown>>, known: Schema, path: Path): void {
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
      if (property) visit(field, property, at);
      else if (typeof rest === 'object') visit(field, rest, at);
      else if (!open) {
        const candidate = nearest(name, Object.keys(properties));
        const hint = candidate === undefined ? '' : `; did you mean ${candidate}?`;
        const data = { field: name, parent: fieldName(path), hint };
        violations.push({ messageId: 'unknown-field', path: at, part: 'key', data });
      }
    }
  }

  function visitItems(part: readonly unknown[], known: Schema, path: Path): void {
    const { items } = known;
    if (!items) return;
    for (const [index, item] of part.entries()) visit(item, items, [...path, index]);
    const keys = known['x-kubernetes-list-map-keys'];
    if (known['x-kubernetes-list-type'] !== 'map' || !keys) return;
    const reference = referenceOf(items);
    const itemSchema = reference === undefined ? items : (resolve(reference) ?? {});
    const first = new Map<string, number>();
    for (const [index, item] of part.entries()) {
      const key = listKey(item, keys, itemSchema);
      if (key === undefined) continue;
      const earlier = first.get(key);
      if (earlier === undefined) {
        first.set(key, index);
        continue;
      }
      const data = { list: fieldName(path), keys: keys.join(' and '), earlier: `[${earlier}]` };
      const at = [...path, index];
      violations.push({ messageId: 'duplicate-list-key', path: at, part: 'value', data });
    }
  }
}

function fieldName(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the object';
  return typeof last === 'number' ? `${fieldName(path.slice(0, -1))}[${last}]` : last;
}

/** The API server writes a `$ref` alone, or as the one entry of `allOf` beside a default. */
function referenceOf(schema: Schema): string | undefined {
  return schema.$ref ?? schema.allOf?.[0]?.$ref;
}

/** An object schema that lists no fields takes any: RawExtension and FieldsV1 of the native types. */
function takesAnyField(schema: Schema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.additionalProperties === true ||
    schema.properties === undefined
  );
}

/** What the schema expects instead of the value, in words; undefined when it fits. */
function mismatch(
  value: unknown,
  schema: Schema,
  reference: string | undefined,
): string | undefined {
  if (reference?.endsWith('.Quantity')) {
    return isQuantity(value) ? undefined : 'a quantity such as 500m or 1Gi';
  }
  if (schema['x-kubernetes-int-or-string'] || schema.format === 'int-or-string') {
    const fits = typeof value === 'string' || Number.isInteger(value);
    return fits ? undefined : 'an integer or a string';
  }
  switch (schema.type) {
    case 'object':
      return isRecord(value) ? undefined : 'a map';
    case 'array':
      return Array.isArray(value) ? undefined : 'a list';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'number':
      return typeof value === 'number' ? undefined : 'a number';
    case 'integer':
      return isInteger(value, schema.format) ? undefined : 'an integer';
    case 'string':
      return stringMismatch(value, schema.format);
    default:
      return undefined;
  }
}

function isInteger(value: unknown, format: string | undefined): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return format !== 'int32' || Math.abs(value + 0.5) < 2 ** 31;
}

function stringMismatch(value: unknown, format: string | undefined): string | undefined {
  if (typeof value !== 'string') return 'a string';
  if (format === 'byte' && !isBase64(value)) return 'base64 text';
  if (format === 'date-time' && !instant.test(value)) return 'a time such as 2024-05-31T08:00:00Z';
  return undefined;
}

/** RFC 4648 section 4; line breaks are skipped, as Go's decoder does. */
function isBase64(text: string): boolean {
  const characters = text.replace(/[\r\n]/g, '');
  return characters.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(characters);
}

/** RFC 3339 section 5.6. */
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantity = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

function isQuantity(value: unknown): boolean {
  return typeof value === 'string' ? quantity.test(value) : typeof value === 'number';
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
