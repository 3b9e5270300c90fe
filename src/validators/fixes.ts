import type { Edit, Finding, Fix } from '../core/finding.ts';

/** The edits of one file that do not touch each other, and what they do. */
export interface FileFixes {
  readonly file: string;
  readonly edits: readonly Edit[];
  /** Of the fixes that they belong to, in the order of the findings. */
  readonly descriptions: readonly string[];
}

/**
 * The fixes of findings that do not reach into each other. One whose edits reach into those of an earlier one is
 * left for the next time; the same fix of two findings is one.
 */
export function separateFixes(findings: readonly Pick<Finding, 'fix' | 'waivedBy'>[]): Fix[] {
  const chosen: Fix[] = [];
  for (const { fix, waivedBy } of findings) {
    if (!fix || waivedBy !== null || chosen.some((other) => overlap(other, fix))) continue;
    chosen.push(fix);
  }
  return chosen;
}

/** The fixes of findings by file. */
export function fixesByFile(findings: readonly Pick<Finding, 'fix' | 'waivedBy'>[]): FileFixes[] {
  const chosen = separateFixes(findings);
  const files = new Set(chosen.flatMap(({ edits }) => edits.map(({ file }) => file)));
  return [...files].map((file) => {
    const own = chosen.filter(({ edits }) => edits.some((edit) => edit.file === file));
    return {
      file,
      edits: own.flatMap(({ edits }) => edits.filter((edit) => edit.file === file)),
      descriptions: own.map(({ description }) => description),
    };
  });
}

const overlap = (one: Fix, other: Fix): boolean =>
  one.edits.some((a) =>
    other.edits.some(
      (b) => a.file === b.file && !(isBefore(a.to, b.from) || isBefore(b.to, a.from)),
    ),
  );

const isBefore = (a: Edit['from'], b: Edit['from']): boolean =>
  a.line < b.line || (a.line === b.line && a.column < b.column);

/**
 * A text with some pieces replaced; the rest, with its line ends, stays as it is.
 * @throws RangeError for a place that the text does not have
 */
export function withEdits(text: string, edits: readonly Edit[]): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offsetOf = ({ line, column }: Edit['from']): number => {
    const start = starts[line - 1];
    const offset = (start ?? Number.NaN) + column - 1;
    if (!(offset <= (starts[line] ?? text.length + 1) - 1)) {
      throw new RangeError(`there is no place ${line}:${column}`);
    }
    return offset;
  };
  const pieces = edits
    .map(({ from, to, text: put }) => ({ from: offsetOf(from), to: offsetOf(to), put }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let result = '';
  let at = 0;
  for (const { from, to, put } of pieces) {
    result += text.slice(at, from) + put;
    at = to;
  }
  return result + text.slice(at);
}
