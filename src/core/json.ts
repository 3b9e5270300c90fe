/** Narrow reading of JSON that others wrote: what is not of the expected kind reads as absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function parseObject(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): JsonObject | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? { ...value }
    : undefined;
}

/**
 * The value of a field, by the rule of Go's encoding/json that runtimes read images with: the case of
 * the name does not matter and the last one wins. A config with both `User` and `user` must not
 * show one to us and the other to them.
 */
export function fieldOf(object: JsonObject | undefined, name: string): unknown {
  const wanted = name.toLowerCase();
  const key = Object.keys(object ?? {}).findLast((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : object?.[key];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? value
    : undefined;
}

export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf).filter((object) => object !== undefined) : [];
}

/** String values only. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(objectOf(value) ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
