import { createPublicKey, type KeyObject, sign } from 'node:crypto';

/** X.690: a tag, the length of what follows, and what follows. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, 'hex');

/** 2.5.4.3, the common name. */
const commonName = hex('0603550403');
/** How it is signed says nothing here; Ed25519 (RFC 8410) signs without parameters. */
const ed25519 = sequence(hex('06032b6570'));

/** A certificate in PEM (RFC 5280) for samples, until the end of 2049. Nobody has signed it for anyone. */
export function sampleCertificate(key: KeyObject, subject: string): string {
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(subject)))));
  const time = (text: string) => der(0x17, Buffer.from(text));
  const body = sequence(
    ...[der(0x02, Buffer.from([1])), ed25519, name],
    ...[sequence(time('200101000000Z'), time('491231000000Z')), name],
    createPublicKey(key).export({ format: 'der', type: 'spki' }),
  );
  const signature = key.asymmetricKeyType === 'ed25519' ? sign(null, body, key) : Buffer.alloc(64);
  const bytes = sequence(body, ed25519, der(0x03, Buffer.from([0]), signature));
  const lines = bytes
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
