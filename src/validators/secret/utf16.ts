/** Characters beyond Latin-1 are part of no shape; this one is no letter in any pattern. */
const other = 0xff;

/**
 * Gives chunks of a stream on as they are; of one that begins with the mark of UTF-16 (RFC 2781 section 3.2), as Windows
 * writes redirected output, a byte for each character, so that it can be searched like any other text.
 */
export function createNarrower(): (chunk: Uint8Array) => Uint8Array {
  let isKnown = false;
  /** Where the upper byte of a character stands; undefined when the stream is no UTF-16. */
  let upper: 0 | 1 | undefined;
  let held: Uint8Array = new Uint8Array();

  const narrowed = (chunk: Uint8Array): Uint8Array => {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const even = bytes.length - (bytes.length % 2);
    held = Uint8Array.from(bytes.subarray(even));
    const text = new Uint8Array(even / 2);
    for (let at = 0; at < even; at += 2) {
      const low = bytes[at + (upper === 0 ? 1 : 0)] ?? 0;
      text[at / 2] = bytes[at + (upper ?? 0)] === 0 ? low : other;
    }
    return text;
  };

  return (chunk) => {
    if (isKnown) return upper === undefined ? chunk : narrowed(chunk);
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const [first, second] = bytes;
    if (bytes.length < 2 && (bytes.length === 0 || first === 0xff || first === 0xfe)) {
      held = Uint8Array.from(bytes);
      return new Uint8Array();
    }
    isKnown = true;
    held = new Uint8Array();
    if (first === 0xff && second === 0xfe) upper = 1;
    else if (first === 0xfe && second === 0xff) upper = 0;
    else return bytes;
    return narrowed(bytes.subarray(2));
  };
}
