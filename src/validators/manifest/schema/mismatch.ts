import type { Schema } from '../pool-file.ts';
import { isRecord } from '../read.ts';

/** What the schema expects instead of the value, in words; undefined when it fits. */
export function mismatch(
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

/**
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, space around it being
 * left aside. The server also takes a sign or a unit without digits, for 0; nobody means that.
 */
const quantity = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

function isQuantity(value: unknown): boolean {
  return typeof value === 'string' ? quantity.test(value.trim()) : Number.isFinite(value);
}
