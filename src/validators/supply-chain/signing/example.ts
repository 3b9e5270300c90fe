import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { sha256 } from '../../../core/digest.ts';
import { type EvidenceDocument, nothing } from '../document.ts';
import { keysIn, type TrustedKey } from './keys.ts';
import { readSimpleSigning } from './simple.ts';

/** A pair of keys for examples and tests. */
export interface KeyPair {
  readonly trusted: TrustedKey;
  readonly privateKey: KeyObject;
}

export function makeKeyPair(file: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const [trusted] = keysIn(file, publicKey.export({ type: 'spki', format: 'pem' }).toString());
  if (!trusted) throw new Error('a pair without a public key');
  return { trusted, privateKey };
}

/** What cosign signs: https://github.com/containers/image/blob/main/docs/containers-signature.5.md */
export function simplePayload(digest: string, reference: string): Buffer {
  const critical = {
    identity: { 'docker-reference': reference },
    image: { 'docker-manifest-digest': digest },
    type: 'cosign container image signature',
  };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

/** A real signature of an image, as the document that stands for it. */
export function signatureDocument(
  digest: string,
  { trusted, privateKey }: KeyPair,
): EvidenceDocument {
  const bytes = simplePayload(digest, 'registry.example/shop');
  const signature = sign(null, bytes, privateKey).toString('base64');
  const annotations = { 'dev.cosignproject.cosign/signature': signature };
  return {
    ...nothing,
    ...readSimpleSigning({ bytes, annotations }),
    file: `signature by ${trusted.file}`,
    format: 'signature of cosign',
    digest: sha256(bytes),
  };
}
