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
  const found = countLineFeeds(bytes, from, to);
  if (found === 0) return since;
  return { before: since.before + found, last: base + bytes.lastIndexOf(lineFeed, to - 1) };
}

const lineFeed = 0x0a;

/** Words of which each byte of a counter may have counted one before it overflows. */
const wordsAtOnce = 255;

/** Four bytes at a time, each counted in a byte of its own (Mycroft's test for a byte of zero, 1987). */
function countLineFeeds(bytes: Uint8Array, from: number, to: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = to - ((to - from) % 4);
  let count = 0;
  let at = from;
  while (at < whole) {
    const end = Math.min(whole, at + 4 * wordsAtOnce);
    let counters = 0;
    for (; at < end; at += 4) {
      const word = view.getInt32(at, true) ^ 0x0a0a0a0a;
      const filled = ((word & 0x7f7f7f7f) + 0x7f7f7f7f) | 0 | word;
      counters = (counters + ((~filled >>> 7) & 0x01010101)) | 0;
    }
    count += (counters & 0xff) + ((counters >>> 8) & 0xff);
    count += ((counters >>> 16) & 0xff) + (counters >>> 24);
  }
  for (; at < to; at++) if (bytes[at] === lineFeed) count++;
  return count;
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
