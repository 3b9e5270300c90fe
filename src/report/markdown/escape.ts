import { visible } from '../visible.ts';

/** Punctuation that starts Markdown (CommonMark 0.31 section 2.4) or ends a table cell. */
const special = /[\\`*_{}[\]()<>#+!|~&]/g;

/** `@name` and `#12` call people and issues on GitHub even when escaped; an empty comment between does not show. */
const reference = /(?<![\w])(@(?=\w)|\\#(?=\d))/g;

/** Data as running text or as a table cell: one line, nothing in it is markup. */
export function prose(text: string): string {
  return visible(text)
    .replace(special, '\\$&')
    .replace(/(?<=\b(?:https?|ftp)):(?=\/\/)|(?<=\bwww)\./gi, '$&<!-- -->')
    .replace(reference, '$1<!-- -->');
}

/**
 * Data as a code span: the fence is longer than any run of backticks inside (CommonMark section 6.1).
 * A pipe is escaped since tables split cells before they look at code (GFM section 4.10).
 */
export function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|');
  if (shown.trim() === '') return '';
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A table, or nothing without rows. Cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}
