import type { Edit, Fix } from '../../core/finding.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Instruction } from './instruction.ts';
import type { Place } from './text.ts';

/** A piece of the file: a word, a keyword. */
export interface Written {
  readonly text: string;
  readonly place: Place;
}

/**
 * Whether a text stands in the file in one piece. What a continued line splits does not, and neither does what
 * was taken from a text within the text, such as commands between escaped backticks.
 */
export const stands = ({ lines }: Dockerfile, { text, place }: Written): boolean =>
  lines[place.line - 1]?.startsWith(text, place.column - 1) ?? false;

/** Where a text on one line no longer goes. */
export const endOf = ({ text, place: { line, column } }: Written): Place => ({
  line,
  column: column + text.length,
});

/** Puts another text in the place of one; undefined for one that does not stand in one piece. */
export function replaced(target: Dockerfile, written: Written, by: string): Edit | undefined {
  if (!stands(target, written)) return undefined;
  return { file: target.file, from: written.place, to: endOf(written), text: by };
}

/** Puts a text behind another. */
export function added(target: Dockerfile, written: Written, text: string): Edit | undefined {
  const end = endOf(written);
  return stands(target, written) ? { file: target.file, from: end, to: end, text } : undefined;
}

/** All of the edits or nothing. */
export function fixOf(description: string, edits: readonly (Edit | undefined)[]): Fix | undefined {
  const known = edits.filter((edit) => edit !== undefined);
  return known.length === edits.length && known.length > 0
    ? { description, edits: known }
    : undefined;
}

/** Writes one text instead of another. */
export const replacing = (target: Dockerfile, from: Written, by: string): Fix | undefined =>
  fixOf(`write ${by} instead of ${from.text}`, [replaced(target, from, by)]);

/** A keyword in the case in which another is written. */
export const inCaseOf = (written: string, keyword: string): string =>
  written === written.toLowerCase() ? keyword.toLowerCase() : keyword;

/**
 * Ends a RUN in shell form with another command, joined as its lines are. Undefined for what no POSIX shell
 * runs, for documents, whose exit code would be that of the new command, for scripts that end themselves, and
 * where a comment or an operator stands at the end.
 */
export function endingWith(
  target: Dockerfile,
  { json, heredocs, body, script, place }: Instruction,
  command: string,
): Fix | undefined {
  if (json || heredocs.length > 0 || !script || target.escapeSign !== '\\') return undefined;
  if (script.commands.some(({ name }) => /^(?:exec|exit|return)$/.test(name))) return undefined;
  if (/\s#|[;&|]$/.test(body.text)) return undefined;
  const { line, column } = body.place(body.text.length - 1);
  const end = { line, column: column + 1 };
  const lines = target.lines.slice(place.line - 1, line);
  const text = joint(lines, target.lineEnd) + command;
  const edit = { file: target.file, from: end, to: end, text };
  return fixOf(`end RUN with ${command}`, [edit]);
}

/** What goes between two commands in a RUN of these lines: the sign in front or behind, as it is there. */
function joint(lines: readonly string[], lineEnd: string): string {
  if (lines.length === 1) return ' && ';
  const leading = lines.find((one) => /^\s+&&/.test(one));
  if (leading === undefined && lines.some((one) => /&&\s*\\\s*$/.test(one))) {
    return ` && \\${lineEnd}${indentOf(lines[1])}`;
  }
  return ` \\${lineEnd}${leading === undefined ? '    ' : indentOf(leading)}&& `;
}

const indentOf = (line = ''): string => /^\s*/.exec(line)?.[0] ?? '';
