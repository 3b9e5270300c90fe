import { editDistance, nearest } from '../../../core/suggest.ts';
import type { Schema } from '../pool-file.ts';

type Properties = Readonly<Record<string, Schema>>;

/** More places than these are no hint. */
const mostPlaces = 3;

/**
 * What may be meant by a field that is not there, as the end of a sentence: a field of nearly that name,
 * or one of that very name a level higher or deeper, where wrong indentation puts it.
 * @param around the object that holds the one with the field
 */
export function fieldHint(
  name: string,
  properties: Properties,
  around: { readonly name: string; readonly properties: Properties },
  resolved: (written: Schema) => Schema,
): string {
  const near = nearest(name, Object.keys(properties));
  const spelling = near === undefined ? '' : `; did you mean ${near}?`;
  if (near !== undefined && editDistance(name.toLowerCase(), near.toLowerCase()) <= 1) {
    return spelling;
  }
  const places = [
    ...(Object.hasOwn(around.properties, name) ? [around.name] : []),
    ...fieldsBelow(name, properties, resolved),
  ];
  if (places.length === 0 || places.length > mostPlaces) return spelling;
  return `; it is a field of ${places.join(' and of ')}`;
}

function fieldsBelow(
  name: string,
  properties: Properties,
  resolved: (written: Schema) => Schema,
): string[] {
  return Object.entries(properties).flatMap(([field, written]) => {
    const schema = resolved(written);
    const inner = schema.items ? resolved(schema.items) : schema;
    // Nobody writes a status.
    const has = field !== 'status' && Object.hasOwn(inner.properties ?? {}, name);
    return has ? [schema.items ? `${field}[]` : field] : [];
  });
}
