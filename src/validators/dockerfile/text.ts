/** Lines and columns start at 1; columns count UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A line without its end, and where it begins in the text. */
export interface Line {
  readonly text: string;
  readonly start: number;
}

/** The lines of a text; a carriage return before a line feed belongs to the end of the line. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const trimmed = text[end - 1] === '\r' && end > start ? end - 1 : end;
    lines.push({ text: text.slice(start, trimmed), start });
    start = end + 1;
  }
  return lines;
}

/** A text put together from pieces of a file, and where each of its characters stands there. */
export interface Pieced {
  readonly text: string;
  /** @param index from 0 to the length of the text */
  place(index: number): Place;
  /** The same places for a part of the text. */
  slice(from: number, to?: number): Pieced;
}

export interface Piece {
  readonly text: string;
  /** Where the first character stands; a piece never goes past the end of a line, which may be its last sign. */
  readonly place: Place;
}

export function piecedOf(pieces: readonly Piece[]): Pieced {
  const starts: number[] = [];
  let length = 0;
  for (const { text } of pieces) {
    starts.push(length);
    length += text.length;
  }
  const text = pieces.map((piece) => piece.text).join('');
  const place = (index: number): Place => {
    const at = lastAtMost(starts, index);
    const piece = pieces[at];
    if (!piece) return { line: 1, column: 1 };
    const offset = index - (starts[at] ?? 0);
    const { line, column } = piece.place;
    const isPast = offset >= piece.text.length && piece.text.endsWith('\n');
    return isPast ? { line: line + 1, column: 1 } : { line, column: column + offset };
  };
  return sliced({ text, place }, 0, text.length);
}

/** Several texts as one. */
export function joined(parts: readonly Pieced[]): Pieced {
  const starts: number[] = [];
  let length = 0;
  for (const { text } of parts) {
    starts.push(length);
    length += text.length;
  }
  const place = (index: number): Place => {
    const at = lastAtMost(starts, index);
    return parts[at]?.place(index - (starts[at] ?? 0)) ?? { line: 1, column: 1 };
  };
  return sliced({ text: parts.map(({ text }) => text).join(''), place }, 0, length);
}

function sliced({ text, place }: Pick<Pieced, 'text' | 'place'>, from: number, to: number): Pieced {
  const own = {
    text: text.slice(from, to),
    place: (index: number) => place(from + index),
  };
  return { ...own, slice: (begin, end = own.text.length) => sliced(own, begin, end) };
}

/** Index of the last number that is not greater; 0 when all are. Of several equal ones the last. */
function lastAtMost(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
