/** Characters; each piece costs a turn of every stream behind it. */
const pieceLength = 64 * 1024;

/** Puts short texts together before they are passed on. */
export interface Gathering {
  /** @returns a piece when there is one */
  add(text: string): string | undefined;
  /** What is left. */
  rest(): string;
}

export function gathering(): Gathering {
  let gathered = '';
  const rest = () => {
    const piece = gathered;
    gathered = '';
    return piece;
  };
  return {
    add(text) {
      gathered += text;
      return gathered.length >= pieceLength ? rest() : undefined;
    },
    rest,
  };
}
