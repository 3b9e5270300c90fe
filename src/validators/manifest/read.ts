/** Steps from a value to a part of it. */
export type Path = readonly (string | number)[];

/**
 * Typed reading of values that nothing is known about. A part of the wrong type reads as absent: the
 * rule manifest/schema reports it, the others go on with what is there.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The part at a path, looking at own properties only: a manifest may say `constructor`. */
export function partAt(value: unknown, ...path: Path): unknown {
  let part = value;
  for (const step of path) {
    if (Array.isArray(part)) part = part[Number(step)];
    else if (isRecord(part) && Object.hasOwn(part, step)) part = part[step];
    else return undefined;
  }
  return part;
}

export function recordAt(value: unknown, ...path: Path): Readonly<Record<string, unknown>> {
  const part = partAt(value, ...path);
  return isRecord(part) ? part : {};
}

export function listAt(value: unknown, ...path: Path): readonly unknown[] {
  const part: unknown = partAt(value, ...path);
  return Array.isArray(part) ? part : [];
}

export function stringAt(value: unknown, ...path: Path): string | undefined {
  const part = partAt(value, ...path);
  return typeof part === 'string' ? part : undefined;
}

export function numberAt(value: unknown, ...path: Path): number | undefined {
  const part = partAt(value, ...path);
  return typeof part === 'number' ? part : undefined;
}

/** An int-or-string, as Kubernetes types ports and budgets. */
export function intOrStringAt(value: unknown, ...path: Path): number | string | undefined {
  return numberAt(value, ...path) ?? stringAt(value, ...path);
}

/** The texts of a list; other entries are left out. */
export function textsAt(value: unknown, ...path: Path): readonly string[] {
  return listAt(value, ...path).filter((entry) => typeof entry === 'string');
}

/** A map of strings: labels, selectors. Entries that are no strings are left out. */
export function stringsAt(value: unknown, ...path: Path): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(recordAt(value, ...path)).flatMap(([key, entry]) =>
      typeof entry === 'string' ? [[key, entry] as const] : [],
    ),
  );
}

const plainKey = /^[A-Za-z_][\w-]*$/;

/** `spec.containers[0].image`; a key that is no plain word is quoted: `metadata.labels['a.b/c']`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!plainKey.test(step)) return `${text}['${step.replaceAll("'", "\\'")}']`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** A word for the type of a value; never the value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return `a ${typeof value}`;
}
