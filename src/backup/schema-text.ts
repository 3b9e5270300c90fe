/** Arguments of pg_dump for the text that two databases are compared by. */
export const schemaOnly = ['--schema-only', '--no-subscriptions'] as const;

/** Lines of pg_dump that differ between two dumps of the same schema: versions, and random keys. */
const incidental = /^(?:-- Dumped (?:from|by) .*|\\(?:un)?restrict .*)$/;

function schemaLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => !incidental.test(line));
}

export interface SchemaDifference {
  /** The heading that pg_dump gives the object. */
  readonly object: string;
  readonly expected: string;
  readonly found: string;
}

/** The first statement in which two schemas differ; undefined when they are equal. */
export function schemaDifference(expected: string, found: string): SchemaDifference | undefined {
  const [left, right] = [schemaLines(expected), schemaLines(found)];
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at++) {
    if (left[at] === right[at]) continue;
    return {
      object: headingAbove(left, at) ?? headingAbove(right, at) ?? 'schema',
      expected: left[at] ?? 'the end',
      found: right[at] ?? 'the end',
    };
  }
  return undefined;
}

function headingAbove(lines: readonly string[], at: number): string | undefined {
  for (let line = Math.min(at, lines.length - 1); line >= 0; line--) {
    const name = /^-- (?:Data for )?Name: (.*?); Type: ([^;]+)/.exec(lines[line] ?? '');
    if (name) return `${name[2]?.toLowerCase()} ${name[1]}`;
  }
  return undefined;
}
