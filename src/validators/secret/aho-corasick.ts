/** Finds many byte strings at once, one table look-up a byte (Aho and Corasick, 1975). */
export interface Automaton {
  /**
   * States x 256. An entry is the next state already multiplied by 256; its sign bit says that a
   * keyword ends there. Signed, because V8 keeps int32 in a register where uint32 would become a
   * double.
   */
  readonly table: Int32Array;
  /**
   * By a pair of bytes, how far a search at the start state may go on when the pair is the second and
   * third byte ahead: 0 when a keyword may begin here, 1 when at the next byte, else 2 (the shift of
   * Wu and Manber, 1994, for blocks of two and keywords of three).
   */
  readonly shifts: Uint8Array;
  /** By state: the indices of the keywords that end there, longest first. */
  readonly ends: readonly (readonly number[])[];
}

/** The state before the first byte. */
export const startState = 0;

const accept = 0x80000000 | 0;
const stateBits = 0x7fffffff;

/** @param keywords Latin-1 text of three characters or more, matched byte for byte; case counts. */
export function buildAutomaton(keywords: readonly string[]): Automaton {
  const { edges, ends } = treeOf(keywords);
  const table = new Int32Array(edges.length * 256);
  const failure = new Int32Array(edges.length);
  const queue = [startState];
  // Breadth first: what a state falls back to is shorter, and so its row is complete.
  for (const state of queue) {
    const row = state * 256;
    const fallback = (failure[state] ?? startState) * 256;
    // Natively, because 256 steps for each state in code that is not compiled yet take longer than many a run.
    if (state !== startState) table.copyWithin(row, fallback, fallback + 256);
    for (const [byte, child] of edges[state] ?? []) {
      const inherited = ((table[row + byte] ?? 0) & stateBits) >>> 8;
      failure[child] = inherited;
      ends[child]?.push(...(ends[inherited] ?? []));
      table[row + byte] = ends[child]?.length ? (child * 256) | accept : child * 256;
      queue.push(child);
    }
  }
  return { table, shifts: shiftsOf(keywords), ends };
}

/** By state, the bytes that lead on and where to; and the keywords that are whole there. */
function treeOf(keywords: readonly string[]): {
  readonly edges: readonly ReadonlyMap<number, number>[];
  readonly ends: number[][];
} {
  const edges: Map<number, number>[] = [new Map()];
  const ends: number[][] = [[]];
  keywords.forEach((keyword, index) => {
    let state = startState;
    for (const byte of Buffer.from(keyword, 'latin1')) {
      let next = edges[state]?.get(byte);
      if (next === undefined) {
        next = edges.push(new Map()) - 1;
        ends.push([]);
        edges[state]?.set(byte, next);
      }
      state = next;
    }
    ends[state]?.push(index);
  });
  return { edges, ends };
}

function shiftsOf(keywords: readonly string[]): Uint8Array {
  const shifts = new Uint8Array(65_536).fill(2);
  const heads = keywords.map((keyword) => Buffer.from(keyword, 'latin1').subarray(0, 3));
  if (heads.some((head) => head.length < 3)) throw new Error('a keyword of fewer than three bytes');
  for (const head of heads) shifts[head.readUInt16BE(0)] = 1;
  for (const head of heads) shifts[head.readUInt16BE(1)] = 0;
  return shifts;
}

/**
 * Runs over one chunk and calls `onMatch` with a keyword's index and the offset in the chunk just
 * behind its last byte. Returns the state to begin the next chunk with.
 */
export function searchChunk(
  automaton: Automaton,
  state: number,
  chunk: Uint8Array,
  onMatch: (keyword: number, end: number) => void,
): number {
  const { table, shifts, ends } = automaton;
  const length = chunk.length;
  let current = state;
  let index = 0;
  while (index < length) {
    if (current === startState) {
      // Most bytes begin nothing; the last two of a chunk are left to the table, which remembers.
      while (index + 2 < length) {
        const shift = shifts[((chunk[index + 1] ?? 0) << 8) | (chunk[index + 2] ?? 0)] ?? 0;
        if (shift === 0) break;
        index += shift;
      }
    }
    current = table[current + (chunk[index] ?? 0)] ?? 0;
    index++;
    if (current < 0) {
      current &= stateBits;
      for (const keyword of ends[current >>> 8] ?? []) onMatch(keyword, index);
    }
  }
  return current;
}
