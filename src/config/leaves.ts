export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Everything in a JSON-like value that is no list and no mapping, in order, with its path. */
export function leaves(value: unknown, path: readonly (string | number)[] = []): Leaf[] {
  if (value === null || typeof value !== 'object') return [{ path, value }];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) => leaves(child, [...path, key]));
}
