import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { preAuthenticationEncoding } from './dsse.ts';
import type { KeyPair } from './example.ts';
import { keysIn } from './keys.ts';

/** The kinds of keys that cosign signs with. */
export const kinds = {
  'ECDSA P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'ECDSA P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'ECDSA P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  'RSA 2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
} as const;

export const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

export function pairOf(kind: keyof typeof kinds, file = 'release.pub'): KeyPair {
  const { publicKey, privateKey } = kinds[kind]();
  const [trusted] = keysIn(file, pemOf(publicKey));
  if (!trusted) throw new Error('no key');
  return { trusted, privateKey };
}

/** As cosign signs: SHA-256 for every key but Ed25519. */
export function signed(bytes: Uint8Array, key: KeyObject, hash = 'sha256'): string {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : hash, bytes, key).toString('base64');
}

const signType = 'https://sigstore.dev/cosign/sign/v1';

export function statementOf(digest: string, predicateType = signType, predicate: object = {}) {
  const subject = [{ digest: { sha256: digest.slice('sha256:'.length) } }];
  return { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate };
}

/** A statement in the envelope that it is signed in. */
export function enveloped(statement: object, privateKey: KeyObject, hash?: string) {
  const payloadType = 'application/vnd.in-toto+json';
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = signed(preAuthenticationEncoding(payloadType, payload), privateKey, hash);
  return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: '', sig }] };
}

export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A bundle of cosign 3; with a certificate where there is no lasting key. */
export function bundled(content: object, certificate = false) {
  const verificationMaterial = certificate
    ? { certificate: { rawBytes: 'MA==' } }
    : { publicKey: { hint: '' } };
  return { mediaType: bundleType, verificationMaterial, ...content };
}
