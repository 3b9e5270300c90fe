const placeholder =
  /example|placeholder|redacted|dummy|change_?me|your[_-]|^\$\w+$|\$[{(]|\{\{|<\w|%(?:s|\()|[*.]{3}|(.)\1{5}|0123456789|1234567890|abcdefghij/i;

/** Whether a value stands for a secret instead of being one: documentation, template or filler. */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value);
}

/** How often each character of Latin-1 occurs; used again, so that many short texts cost little. */
const counts = new Uint16Array(256);

/** Shannon entropy in bits per character, of Latin-1 text; of a longer one than 4096 characters its beginning. */
export function entropyOf(text: string): number {
  const length = Math.min(text.length, 4096);
  counts.fill(0);
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at) & 0xff;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / length) * Math.log2(count / length);
  return bits;
}
