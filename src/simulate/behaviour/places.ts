import { isRecord } from '../../validators/manifest/read.ts';

/** What `{name}` stands for. */
export type Values = ReadonlyMap<string, unknown>;

const place = /\{([A-Za-z_]\w*)\}/g;

/** A path with the values in its places, encoded as parts of a URL (RFC 3986 section 2.1). */
export function filledPath(path: string, values: Values): string {
  return path.replaceAll(place, (whole, name: string) =>
    values.has(name) ? encodeURIComponent(String(values.get(name)).toWellFormed()) : whole,
  );
}

/** JSON with the values in its strings; a string that is nothing but a place becomes the value itself. */
export function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const [, alone] = /^\{([A-Za-z_]\w*)\}$/.exec(value) ?? [];
    if (alone !== undefined && values.has(alone)) return values.get(alone);
    return value.replaceAll(place, (whole, name: string) =>
      values.has(name) ? String(values.get(name)) : whole,
    );
  }
  if (Array.isArray(value)) return value.map((part) => filled(part, values));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, filled(part, values)]),
  );
}
