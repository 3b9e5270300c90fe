/** Where a value stands that is given to a name; offsets into the same bytes. */
export interface Assigned {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const wordBit = 1;
const spaceBit = 2;
const quoteBit = 4;
const stopBit = 8;
const lineBit = 16;

/** What a byte may be part of. */
const kinds = new Uint8Array(256);
const mark = (text: string, bit: number) => {
  for (const byte of Buffer.from(text, 'latin1')) kinds[byte] = (kinds[byte] ?? 0) | bit;
};
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-', wordBit);
mark(' \t', spaceBit);
mark('\'"`', quoteBit);
mark('\r\n', lineBit);
mark(' \t\r\n\'"`;,<>()[]{}\\&|\0', stopBit);

/** Characters that a name may go on for behind the word that was found in it. */
const longestTail = 24;

/** Characters of a value; what is longer is data. */
const longestValue = 400;

/** Bytes that {@link assignedValue} may look at behind the word. */
export const assignmentReach = longestTail + 24 + longestValue;

/**
 * The value that follows a word of a name, as programs, settings, JSON, YAML, XML and shells write it:
 * the rest of the name, `=`, `:`, `=>`, `:=`, `+=`, `,`, `(`, `>` or `||`, and the value with quotes or without. Looks at
 * each byte once.
 * @param from just behind the word
 */
export function assignedValue(bytes: Uint8Array, from: number): Assigned | undefined {
  const length = bytes.length;
  const kindAt = (index: number): number => kinds[bytes[index] ?? 0] ?? 0;
  let at = from;
  const tail = Math.min(length, from + longestTail);
  while (at < tail && kindAt(at) & (wordBit | spaceBit)) at++;
  for (let more = 0; more < 4 && at < length && isGap(bytes[at] ?? 0); more++) at++;
  const operator = operatorLength(bytes, at);
  if (operator === 0) return undefined;
  at += operator;
  let quote = 0;
  for (let more = 0; more < 12 && at < length; more++, at++) {
    const byte = bytes[at] ?? 0;
    if (kindAt(at) & quoteBit) {
      quote = byte;
      at++;
      break;
    }
    if (!isGap(byte) && byte !== 0x3d && byte !== 0x3e && byte !== 0x7c) break;
  }
  const end = quote === 0 ? bareEnd(bytes, at) : quotedEnd(bytes, at, quote);
  return end > at ? { start: at, end, quoted: quote !== 0 } : undefined;
}

/** White space, the quote that ends a name, and the backslash before it in text within text. */
function isGap(byte: number): boolean {
  return byte === 0x5c || ((kinds[byte] ?? 0) & (spaceBit | quoteBit | lineBit)) !== 0;
}

function operatorLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  const next = bytes[at + 1];
  // `=`, `=>`, `==`
  if (byte === 0x3d) return next === 0x3e ? 2 : 1;
  // `,`, `(` and `>`, as in calls and XML
  if (byte === 0x2c || byte === 0x28 || byte === 0x3e) return 1;
  if (byte === 0x7c) return next === 0x7c ? 2 : 1;
  // `?=`, `+=` and `<=`
  if (byte === 0x3f || byte === 0x2b || byte === 0x3c) return next === 0x3d ? 2 : 0;
  // `:`, `:=`, `::=` and `:::=`; `::` alone leads to a member
  if (byte !== 0x3a) return 0;
  let length = 1;
  while (length < 3 && bytes[at + length] === 0x3a) length++;
  if (bytes[at + length] === 0x3d) return length + 1;
  return length === 1 ? 1 : 0;
}

function bareEnd(bytes: Uint8Array, from: number): number {
  const last = Math.min(bytes.length, from + longestValue);
  let at = from;
  while (at < last && !((kinds[bytes[at] ?? 0] ?? 0) & stopBit)) at++;
  return at;
}

/** Up to the same quote, or to a backslash or the end of the line before it. */
function quotedEnd(bytes: Uint8Array, from: number, quote: number): number {
  const last = Math.min(bytes.length, from + longestValue);
  let at = from;
  while (at < last) {
    const byte = bytes[at] ?? 0;
    if (byte === quote || byte === 0x5c || byte === 0x0a || byte === 0x0d) break;
    at++;
  }
  return at;
}
