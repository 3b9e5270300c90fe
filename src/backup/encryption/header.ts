import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Identity } from './x25519.ts';
import { fileKeyBytes, type Recipient, unwrap, type Wrapped, wrap } from './x25519.ts';

/** The header of an encrypted file, as age-encryption.org/v1 describes it. */
export interface Header {
  /** Those stanzas that are for X25519 keys. */
  readonly wrapped: readonly Wrapped[];
  /** What the code covers. */
  readonly covered: Buffer;
  /** 32 bytes: HMAC-SHA256 with a key derived from the file key. */
  readonly code: Buffer;
  /** Bytes up to the payload. */
  readonly length: number;
}

const firstLine = 'age-encryption.org/v1';
/** A hundred recipients are below this by far; what is longer is no header of ours. */
const longestHeader = 64 * 1024;

export function headerOf(fileKey: Uint8Array, recipients: readonly Recipient[]): Buffer {
  const stanzas = recipients.map((recipient) => {
    const { share, body } = wrap(fileKey, recipient);
    return `-> X25519 ${base64(share)}\n${base64(body)}\n`;
  });
  const covered = `${firstLine}\n${stanzas.join('')}---`;
  return Buffer.from(`${covered} ${base64(codeOf(fileKey, covered))}\n`);
}

/** @returns undefined while the end has not come; `no-header` when there will be none */
export function readHeader(bytes: Buffer): Header | 'no-header' | undefined {
  const start = bytes.subarray(0, firstLine.length + 1).toString('latin1');
  if (!`${firstLine}\n`.startsWith(start)) return 'no-header';
  const mark = bytes.indexOf('\n--- ');
  const end = mark < 0 ? -1 : bytes.indexOf('\n', mark + 1);
  if (end < 0) return bytes.length > longestHeader ? 'no-header' : undefined;
  const covered = bytes.subarray(0, mark + '\n---'.length);
  const code = fromBase64(bytes.subarray(covered.length + 1, end).toString('latin1'));
  const [, ...lines] = bytes.subarray(0, mark).toString('latin1').split('\n');
  const wrapped = stanzasOf(lines);
  if (code?.length !== 32 || !wrapped) return 'no-header';
  return { wrapped, covered, code, length: end + 1 };
}

/** Other kinds of recipients may stand beside ours; they are passed over. */
function stanzasOf(lines: readonly string[]): Wrapped[] | undefined {
  const found: Wrapped[] = [];
  for (let at = 0; at < lines.length; ) {
    const [arrow, kind, share = '', ...more] = (lines[at] ?? '').split(' ');
    if (arrow !== '->') return undefined;
    const from = ++at;
    // A line shorter than 64 letters ends the body, if it is an empty one.
    while (lines[at]?.length === 64) at += 1;
    at += 1;
    const body = fromBase64(lines.slice(from, at).join(''));
    if (!body) return undefined;
    if (kind !== 'X25519') continue;
    const point = fromBase64(share);
    if (more.length > 0 || point?.length !== 32 || body.length !== fileKeyBytes + 16) {
      return undefined;
    }
    found.push({ share: point, body });
  }
  return found;
}

/** @returns undefined when it is for none of them; `changed` when it is, and was altered */
export function openHeader(
  header: Header,
  identities: readonly Identity[],
): Buffer | 'changed' | undefined {
  for (const wrapped of header.wrapped) {
    for (const identity of identities) {
      const fileKey = unwrap(wrapped, identity);
      if (!fileKey) continue;
      return timingSafeEqual(codeOf(fileKey, header.covered), header.code) ? fileKey : 'changed';
    }
  }
  return undefined;
}

function codeOf(fileKey: Uint8Array, covered: string | Uint8Array): Buffer {
  const key = Buffer.from(hkdfSync('sha256', fileKey, new Uint8Array(), 'header', 32));
  return createHmac('sha256', key).update(covered).digest();
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Without padding, and in the one way that the bytes can be written. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return base64(bytes) === text ? bytes : undefined;
}
