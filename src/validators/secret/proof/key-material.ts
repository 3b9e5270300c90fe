/** Whether base64 text begins as DER (a SEQUENCE of plausible length) or as OpenSSH's own format. */
export function isKeyMaterial(text: string): boolean {
  const base64 = text.replace(/\\[nr]|\s|\\/g, '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.subarray(0, 14).toString('latin1') === 'openssh-key-v1') return true;
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const total = length < 0x80 ? 2 + length : 2 + (length & 0x7f) + longLength(bytes, length & 0x7f);
  return total === bytes.length;
}

/** X.690 section 8.1.3.5: the long form of a DER length. */
function longLength(bytes: Buffer, count: number): number {
  return count >= 1 && count <= 4 && bytes.length > 2 + count ? bytes.readUIntBE(2, count) : 0;
}
