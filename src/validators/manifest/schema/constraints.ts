import type { Demands, Schema } from '../pool-file.ts';
import { isRecord } from '../read.ts';
import { mismatch } from './mismatch.ts';

const demands = [
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
] as const satisfies readonly (keyof Demands)[];

const demanding = new WeakMap<Schema, boolean>();

/** Most schemas demand nothing, those of Kubernetes never; each is looked at once. */
function isDemanding(schema: Schema): boolean {
  const known = demanding.get(schema);
  if (known !== undefined) return known;
  const found = demands.some((keyword) => schema[keyword] !== undefined);
  demanding.set(schema, found);
  return found;
}

/**
 * What a definition demands of a value beyond its type, in words that follow "must"; the words name the
 * definition's values, never that of the manifest. Kubernetes' own schemas demand nothing of the kind.
 * @returns one entry for each demand that the value does not meet
 */
export function unmet(value: unknown, schema: Schema): string[] {
  if (!isDemanding(schema)) return [];
  return [
    ...enumeration(value, schema),
    ...(typeof value === 'number' ? ofNumber(value, schema) : []),
    ...(typeof value === 'string' ? ofString(value, schema) : []),
    ...(Array.isArray(value)
      ? ofCount(value.length, 'entries', schema.minItems, schema.maxItems)
      : []),
    ...(isRecord(value)
      ? ofCount(Object.keys(value).length, 'fields', schema.minProperties, schema.maxProperties)
      : []),
    ...alternatives(value, schema),
  ];
}

function enumeration(value: unknown, { enum: values }: Schema): string[] {
  if (!values || values.some((one) => JSON.stringify(one) === JSON.stringify(value))) return [];
  return [`be ${values.map((one) => JSON.stringify(one)).join(' or ')}`];
}

function ofNumber(value: number, schema: Schema): string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const low = minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum);
  const high = maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum);
  const step = multipleOf !== undefined && !Number.isInteger(value / multipleOf);
  return [
    ...(low ? [`be ${exclusiveMinimum ? 'more than' : 'at least'} ${minimum}`] : []),
    ...(high ? [`be ${exclusiveMaximum ? 'less than' : 'at most'} ${maximum}`] : []),
    ...(step ? [`be a multiple of ${multipleOf}`] : []),
  ];
}

function ofString(value: string, { pattern, minLength, maxLength }: Schema): string[] {
  const expression = pattern === undefined ? undefined : expressionOf(pattern);
  return [
    ...(expression && !expression.test(value) ? [`match ${pattern}`] : []),
    ...ofCount([...value].length, 'characters', minLength, maxLength),
  ];
}

function ofCount(count: number, unit: string, least?: number, most?: number): string[] {
  return [
    ...(least !== undefined && count < least ? [`have at least ${least} ${unit}`] : []),
    ...(most !== undefined && count > most ? [`have at most ${most} ${unit}`] : []),
  ];
}

function alternatives(value: unknown, { allOf, anyOf, oneOf, not }: Schema): string[] {
  const fitting = (schemas: readonly Schema[] = []): number =>
    schemas.filter((schema) => fits(value, schema)).length;
  return [
    ...(allOf && fitting(allOf) < allOf.length ? ['fit all of what its definition lists'] : []),
    ...(anyOf && fitting(anyOf) === 0
      ? [`fit one of the ${anyOf.length} alternatives of its definition`]
      : []),
    ...(oneOf && fitting(oneOf) !== 1
      ? [`fit exactly one of the ${oneOf.length} alternatives of its definition`]
      : []),
    ...(not && fits(value, not) ? ['not be what its definition excludes'] : []),
  ];
}

/** Whether a value fits a schema below `allOf`, `anyOf`, `oneOf` or `not`, where none closes an object. */
function fits(value: unknown, schema: Schema): boolean {
  if (mismatch(value, schema, undefined) !== undefined || unmet(value, schema).length > 0) {
    return false;
  }
  const { items, properties = {}, required = [], additionalProperties: rest } = schema;
  if (Array.isArray(value)) return !items || value.every((item) => fits(item, items));
  if (!isRecord(value)) return true;
  const has = (name: string): boolean => Object.hasOwn(value, name) && value[name] !== null;
  return (
    required.every(has) &&
    Object.entries(value).every(([name, field]) => {
      if (field === null) return true;
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      const judged = property ?? (typeof rest === 'object' ? rest : undefined);
      return !judged || fits(field, judged);
    })
  );
}

const expressions = new Map<string, RegExp | undefined>();

/** Patterns are those of Go; undefined for the few that JavaScript does not read, such as `(?i)a`. */
function expressionOf(pattern: string): RegExp | undefined {
  if (!expressions.has(pattern)) expressions.set(pattern, compile(pattern));
  return expressions.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  // Classes such as `[[:alpha:]]` and quoting by `\\Q` would be read as something else.
  if (/\[\[:|\\[QEC]/.test(pattern)) return undefined;
  const written = pattern.replaceAll('\\A', '^').replaceAll('\\z', '$');
  // Outside of Unicode mode more may be escaped, and some escapes mean something else.
  const modes = /\\[pPxa]/.test(written) ? ['u'] : ['u', ''];
  for (const flags of modes) {
    try {
      return new RegExp(written, flags);
    } catch {
      // The next mode may read it.
    }
  }
  return undefined;
}
