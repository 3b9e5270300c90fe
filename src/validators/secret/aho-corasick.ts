/** Finds many byte strings at once, one table look-up a byte (Aho and Corasick, 1975). */
export interface Automaton {
  /**
   * States x 256. An entry is the next state already multiplied by 256; its sign bit says that a
   * keyword ends there. Signed, because V8 keeps int32 in a register where uint32 would become a
   * double.
   */
  readonly table: Int32Array;
  /** By state: the indices of the keywords that end there, longest first. */
  readonly ends: readonly (readonly number[])[];
}

/** The state before the first byte. */
export const startState = 0;

const accept = 0x80000000 | 0;
const stateBits = 0x7fffffff;

/** @param keywords Latin-1 text, matched byte for byte; case counts. */
export function buildAutomaton(keywords: readonly string[]): Automaton {
  const children: Map<number, number>[] = [new Map()];
  const ends: number[][] = [[]];
  keywords.forEach((keyword, index) => {
    let state = startState;
    for (const byte of Buffer.from(keyword, 'latin1')) {
      let next = children[state]?.get(byte);
      if (next === undefined) {
        next = children.length;
        children.push(new Map());
        ends.push([]);
        children[state]?.set(byte, next);
      }
      state = next;
    }
    ends[state]?.push(index);
  });

  // Breadth first, so that the row a failure link points to is complete when it is copied.
  const table = new Int32Array(children.length * 256);
  const queue: { readonly state: number; readonly failure: number }[] = [
    { state: startState, failure: startState },
  ];
  for (const { state, failure } of queue) {
    if (state !== startState) {
      table.copyWithin(state * 256, failure * 256, failure * 256 + 256);
      ends[state]?.push(...(ends[failure] ?? []));
    }
    for (const [byte, child] of children[state] ?? []) {
      const inherited = (table[state * 256 + byte] ?? 0) & stateBits;
      queue.push({ state: child, failure: inherited >>> 8 });
      table[state * 256 + byte] = child * 256;
    }
  }
  for (let index = 0; index < table.length; index++) {
    const next = table[index] ?? 0;
    if (ends[next >>> 8]?.length) table[index] = next | accept;
  }
  return { table, ends };
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
  const { table, ends } = automaton;
  let current = state;
  for (let index = 0; index < chunk.length; index++) {
    current = table[current + (chunk[index] ?? 0)] ?? 0;
    if (current < 0) {
      current &= stateBits;
      for (const keyword of ends[current >>> 8] ?? []) onMatch(keyword, index + 1);
    }
  }
  return current;
}
