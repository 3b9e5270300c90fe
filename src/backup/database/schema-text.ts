/** Arguments of pg_dump for the text that two databases are compared by. */
export const schemaOnly = ['--schema-only', '--no-subscriptions'] as const;

/** Lines of pg_dump that say nothing of an object: versions, random keys, where the dump begins and ends. */
const incidental =
  /^(?:-- Dumped (?:from|by) .*|-- PostgreSQL database dump(?: complete)?|\\(?:un)?restrict .*|--|)$/;

/** Holds for the objects that follow, until the next of its kind. */
const standing = /^SET (default_\w+) = (.*);$/;

const heading = /^-- (?:Data for )?Name: (.*?); Type: ([^;]+)/;

/** The lines that pg_dump writes about an object, without comments, by its heading. */
type Objects = ReadonlyMap<string, readonly string[]>;

function objectsOf(text: string): Objects {
  const objects = new Map<string, string[]>();
  const settings = new Map<string, string>();
  let lines: string[] = [];
  objects.set('settings', lines);
  for (const line of text.split('\n').filter((entry) => !incidental.test(entry))) {
    const match = heading.exec(line);
    const setting = standing.exec(line);
    if (setting) settings.set(setting[1] ?? '', setting[2] ?? '');
    else if (match) {
      const name = `${match[2]?.toLowerCase()} ${match[1]}`;
      // Names may repeat in several schemas; the rest of the heading says whose it is.
      const key = objects.has(name) ? `${name} (${line})` : name;
      lines = objects.get(key) ?? [];
      objects.set(key, lines);
    } else {
      if (/^CREATE (TABLE|(UNIQUE )?INDEX|MATERIALIZED VIEW)\b/.test(line)) {
        for (const [name, value] of settings) if (value !== "''") lines.push(`${name}: ${value}`);
      }
      lines.push(line);
    }
  }
  return objects;
}

export interface SchemaDifference {
  /** Type and name of the object. */
  readonly object: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * The first object in which two schemas differ; undefined when they are equal. The order in which they
 * are written does not matter: it follows from names and dependencies.
 */
export function schemaDifference(expected: string, found: string): SchemaDifference | undefined {
  return differenceOf(objectsOf(expected), objectsOf(found));
}

/** The same where the copy need not have every object. */
export function partialSchemaDifference(
  expected: string,
  found: string,
): SchemaDifference | undefined {
  const right = objectsOf(found);
  const left = [...objectsOf(expected)].filter(([object]) => right.has(object));
  return differenceOf(new Map(left), right);
}

function differenceOf(left: Objects, right: Objects): SchemaDifference | undefined {
  for (const [object, lines] of left) {
    const others = right.get(object);
    if (!others) return { object, expected: statementOf(lines), found: 'nothing' };
    const length = Math.max(lines.length, others.length);
    for (let at = 0; at < length; at++) {
      if (lines[at] === others[at]) continue;
      return { object, expected: lines[at] ?? 'the end', found: others[at] ?? 'the end' };
    }
  }
  for (const [object, lines] of right) {
    if (!left.has(object)) return { object, expected: 'nothing', found: statementOf(lines) };
  }
  return undefined;
}

const statementOf = (lines: readonly string[]): string =>
  lines.find((line) => /^[A-Z]/.test(line)) ?? 'it is there';
