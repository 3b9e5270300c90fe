/** Combining marks take no column of their own. */
const noColumn = /^\p{M}$/u;
/** East Asian wide and full-width blocks (Unicode annex 11) and emoji take two columns. */
const twoColumns =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]$/u;

function columnsOf(character: string): number {
  if (character < '\u0300') return 1;
  if (noColumn.test(character)) return 0;
  return twoColumns.test(character) ? 2 : 1;
}

/** Terminal columns that a text without control characters takes. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Cuts a text into pieces of at most `width` columns, and of at least one character. */
export function chunksOfWidth(text: string, width: number): string[] {
  const chunks: string[] = [];
  let chunk = '';
  let columns = 0;
  for (const character of text) {
    const more = columnsOf(character);
    if (chunk !== '' && columns + more > width) {
      chunks.push(chunk);
      chunk = '';
      columns = 0;
    }
    chunk += character;
    columns += more;
  }
  return chunk === '' ? chunks : [...chunks, chunk];
}
