import {
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';

/** What a certificate says of itself; nothing of it is secret. */
export interface Certificate {
  /** SHA-256 of its SubjectPublicKeyInfo: what the key that belongs to it has, too. */
  readonly publicKey: string;
  readonly subject: string;
  /** The day after which it does not hold any more. */
  readonly end: string;
}

/**
 * Bytes of a key in DER. RSA of 8192 bits takes 4.7 kB; working out the public half of what is longer could
 * take seconds.
 */
const maxKey = 6000;

/** Bytes of a certificate in DER. */
const maxCertificate = 12_000;

const maxSubject = 100;

/**
 * Object identifiers of the keys that certificates are for, in DER: RSA and RSASSA-PSS (RFC 8017), elliptic curves
 * (RFC 5480), Ed25519 and Ed448 (RFC 8410). Of others the public half would be a power that hostile text chooses.
 */
const keyTypes = [
  ...['2a864886f70d010101', '2a864886f70d01010a', '2a8648ce3d0201'],
  ...['2b6570', '2b6571'],
].map((hex) => Buffer.from(hex, 'hex'));

/** Where the identifier stands in PKCS #8 (RFC 5958), behind the version. */
const identifierWithin = 40;

/** The body of a PEM block, or base64 of a whole one, as bytes. */
function derIn(text: string): Buffer {
  const pem = /^\s{0,24}LS0tLS1CRUdJTi/.test(text)
    ? Buffer.from(text, 'base64').toString('latin1')
    : text;
  const block = /-----BEGIN [A-Z0-9 ]{1,40}-----([^-]{1,20000})/.exec(pem)?.[1] ?? pem;
  return Buffer.from(block.replace(/\\{1,2}[nr]|\s|\\/g, ''), 'base64');
}

/**
 * What tells the certificates of a private key: the SHA-256 of its public half. Undefined for a key that does not
 * parse, that a passphrase seals, or that is none of PKCS #8, PKCS #1 or SEC 1.
 */
export function publicKeyOf(text: string): string | undefined {
  const der = derIn(text);
  if (der.length > maxKey) return undefined;
  const head = der.subarray(0, identifierWithin);
  const types = keyTypes.some((type) => head.includes(type))
    ? (['pkcs8'] as const)
    : (['pkcs1', 'sec1'] as const);
  for (const type of types) {
    try {
      const key = createPrivateKey({ key: der, format: 'der', type });
      return fingerprintOf(createPublicKey(key));
    } catch {
      // It is of another form, or none.
    }
  }
  return undefined;
}

/** @param text the body of its PEM block */
export function certificateIn(text: string): Certificate | undefined {
  const der = derIn(text);
  if (der.length > maxCertificate) return undefined;
  try {
    const { publicKey, subject, subjectAltName, validToDate } = new X509Certificate(der);
    return {
      publicKey: fingerprintOf(publicKey),
      subject: shortSubject(subject ?? '', subjectAltName ?? ''),
      end: validToDate.toISOString().slice(0, 10),
    };
  } catch {
    return undefined;
  }
}

const fingerprintOf = (key: KeyObject): string =>
  hash('sha256', key.export({ format: 'der', type: 'spki' }), 'hex');

/** The common name, or else the first thing it is for; a stranger wrote it. */
function shortSubject(subject: string, others: string): string {
  const lines = subject.split('\n');
  const name = lines.find((line) => line.startsWith('CN=')) ?? lines[0];
  const text = (name || others.split(', ')[0] || 'nobody').replace(/\p{C}/gu, '?');
  return text.length > maxSubject ? `${text.slice(0, maxSubject)}…` : text;
}
