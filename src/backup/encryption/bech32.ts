/** Bech32 (BIP 173), the form in which age writes keys: `<kind>1<data><six digits of checksum>`. */
const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

export interface Bech32 {
  /** What stands before the last `1`, in lower case. */
  readonly kind: string;
  readonly bytes: Buffer;
}

export function bech32({ kind, bytes }: { kind: string; bytes: Uint8Array }): string {
  const data = regrouped([...bytes], 8, 5, true) ?? [];
  const check = polymod([...expanded(kind), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const sum = Array.from({ length: 6 }, (_, at) => (check >> (5 * (5 - at))) & 31);
  return `${kind}1${[...data, ...sum].map((digit) => letters[digit]).join('')}`;
}

/** @returns undefined when the text is none, or a letter of it was changed */
export function readBech32(text: string): Bech32 | undefined {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return undefined;
  const at = lower.lastIndexOf('1');
  const kind = lower.slice(0, at);
  const digits = [...lower.slice(at + 1)].map((letter) => letters.indexOf(letter));
  if (at < 1 || digits.length < 6 || digits.includes(-1)) return undefined;
  if (polymod([...expanded(kind), ...digits]) !== 1) return undefined;
  const bytes = regrouped(digits.slice(0, -6), 5, 8, false);
  return bytes && { kind, bytes: Buffer.from(bytes) };
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of generators.entries()) if ((top >> bit) & 1) sum ^= generator;
  }
  return sum;
}

function expanded(kind: string): number[] {
  const codes = [...kind].map((letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** Groups of `from` bits as groups of `to`; undefined when what is left over is not padding. */
function regrouped(
  values: readonly number[],
  from: number,
  to: number,
  pad: boolean,
): number[] | undefined {
  const groups: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = ((held << from) | value) & 0xfff;
    bits += from;
    for (; bits >= to; bits -= to) groups.push((held >> (bits - to)) & ((1 << to) - 1));
  }
  const rest = held & ((1 << bits) - 1);
  if (pad) return bits > 0 ? [...groups, rest << (to - bits)] : groups;
  return bits >= from || rest !== 0 ? undefined : groups;
}
