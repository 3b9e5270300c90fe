import type { IncomingHttpHeaders } from 'node:http';
import type { ContentHeaders, ObjectStat, Retention } from './objects.ts';

const content = {
  contentType: 'content-type',
  contentEncoding: 'content-encoding',
  contentDisposition: 'content-disposition',
  contentLanguage: 'content-language',
  cacheControl: 'cache-control',
} as const satisfies Record<keyof ContentHeaders, string>;

const metadataPrefix = 'x-amz-meta-';
const lockMode = 'x-amz-object-lock-mode';
const lockUntil = 'x-amz-object-lock-retain-until-date';
const legalHold = 'x-amz-object-lock-legal-hold';

export interface Described extends ContentHeaders {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

/** The headers with which an object is stored. */
export function toHeaders(described: Described): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, header] of entriesOf(content)) {
    const value = described[name];
    if (value !== undefined) headers[header] = encodeValue(value);
  }
  for (const [name, value] of Object.entries(described.metadata ?? {})) {
    headers[metadataPrefix + name.toLowerCase()] = encodeValue(value);
  }
  if (described.retention) {
    headers[lockMode] = described.retention.mode.toUpperCase();
    headers[lockUntil] = described.retention.until.toISOString();
  }
  if (described.legalHold) headers[legalHold] = 'ON';
  return headers;
}

/** What the headers of an answer say of the object. @param size bytes of the whole object */
export function fromHeaders(headers: IncomingHttpHeaders, size: number): ObjectStat {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? decodeValue(value) : undefined;
  };
  const metadata: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    if (name.startsWith(metadataPrefix))
      metadata[name.slice(metadataPrefix.length)] = one(name) ?? '';
  }
  const described: { -readonly [Name in keyof ContentHeaders]: string } = {};
  for (const [name, header] of entriesOf(content)) {
    const value = one(header);
    if (value !== undefined) described[name] = value;
  }
  const versionId = one('x-amz-version-id');
  const retention = retentionOf(one(lockMode), one(lockUntil));
  return {
    ...described,
    size,
    etag: (one('etag') ?? '').replaceAll('"', ''),
    lastModified: new Date(one('last-modified') ?? Number.NaN),
    metadata,
    ...(versionId === undefined ? {} : { versionId }),
    ...(retention === undefined ? {} : { retention }),
  };
}

function retentionOf(mode: string | undefined, until: string | undefined): Retention | undefined {
  const known = (['governance', 'compliance'] as const).find(
    (name) => name === mode?.toLowerCase(),
  );
  return known && until !== undefined ? { mode: known, until: new Date(until) } : undefined;
}

const encodedWord = /^=\?utf-8\?([bq])\?([^?]*)\?=$/i;

/**
 * A header holds printable ASCII without blanks at its ends. Anything else goes as an encoded word
 * (RFC 2047), as Amazon's documentation of user metadata has it; also what looks like one already.
 */
function encodeValue(value: string): string {
  const plain = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(value) && !/ {2}/.test(value);
  if (plain && !encodedWord.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

function decodeValue(value: string): string {
  const [, kind, text = ''] = encodedWord.exec(value) ?? [];
  if (kind?.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString();
  if (kind !== undefined) return Buffer.from(unquoted(text), 'latin1').toString();
  // Node reads headers as Latin-1; servers that store raw bytes send UTF-8.
  const bytes = Buffer.from(value, 'latin1').toString();
  return bytes.includes('\ufffd') ? value : bytes;
}

/** The "Q" encoding of RFC 2047, section 4.2. */
const unquoted = (text: string): string =>
  text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

function entriesOf<K extends string, V>(table: Readonly<Record<K, V>>): [K, V][] {
  const keys = Object.keys(table).filter((key): key is K => Object.hasOwn(table, key));
  return keys.map((key) => [key, table[key]]);
}
