import { chunksOfWidth, displayWidth } from './display-width.ts';

/** Below this, wrapping hides more than it shows. */
const narrowest = 20;

/**
 * Breaks a line at spaces into lines of at most `width` columns; a word longer than that is cut. An
 * empty text gives one empty line.
 */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(narrowest, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const chunks = chunksOfWidth(word, limit);
    lines.push(...chunks.slice(0, -1));
    line = chunks.at(-1) ?? '';
  }
  return [...lines, line];
}

/** Wraps `text` with `first` before its first line and as many blanks before the others. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = displayWidth(first);
  return wrap(text, width - indent).map((line, index) =>
    index === 0 ? `${first}${line}` : `${' '.repeat(indent)}${line}`,
  );
}
