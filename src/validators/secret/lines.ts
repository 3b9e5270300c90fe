/** How far lines were counted. */
export interface Breaks {
  /** How many line breaks came so far. */
  readonly before: number;
  /** Offset in the stream of the last of them, -1 when there is none. */
  readonly last: number;
}

export function countBreaks(
  bytes: Uint8Array,
  from: number,
  to: number,
  base: number,
  since: Breaks,
): Breaks {
  let { before, last } = since;
  for (let index = from; index < to; index++) {
    if (bytes[index] === 10) {
      before++;
      last = base + index;
    }
  }
  return { before, last };
}

export type LineFinder = (at: number) => Breaks;

/** Counts lines from where it was asked last, because matches come almost in the order of the text. */
export function lineFinder(held: Uint8Array, base: number, since: Breaks): LineFinder {
  let at = 0;
  let breaks = since;
  return (wanted) => {
    if (wanted < at) {
      at = 0;
      breaks = since;
    }
    breaks = countBreaks(held, at, wanted, base, breaks);
    at = wanted;
    return breaks;
  };
}

/** Characters of a line on either side of a match that patterns of others are tried on. */
const lineReach = 1000;

/** The lines that a match stands in. */
export function lineAround(text: string, start: number, end: number): string {
  const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - lineReach);
  const next = text.indexOf('\n', end);
  return text.slice(from, Math.min(next === -1 ? text.length : next, end + lineReach));
}
