import { crc32 } from 'node:zlib';
import type { Confidence } from '../shapes/shape.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters of {@link checksumConfidence}'s tokens. */
export function base62Checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let place = 0; place < 6; place++) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/**
 * GitHub and npm end their tokens with the CRC-32 of the characters before, in base 62.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
export function checksumConfidence(body: string): Confidence {
  return base62Checksum(body.slice(0, -6)) === body.slice(-6) ? 'verified' : 'doubtful';
}
