import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Signed } from '../document.ts';
import type { TrustedKey } from './keys.ts';

/** Which of the keys something is signed by. */
export function signerOf(
  { bytes, signatures }: Pick<Signed, 'bytes' | 'signatures'>,
  keys: readonly TrustedKey[],
): TrustedKey | undefined {
  if (bytes === null) return undefined;
  return keys.find(({ pem }) => {
    const key = createPublicKey(pem);
    return signatures.some((signature) =>
      hashesOf(key).some((hash) => isSignature(hash, bytes, key, signature)),
    );
  });
}

/**
 * The hashes that a key signs over. That of cosign's own signatures is SHA-256 whatever the key; bundles have that of
 * the curve (https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md). Ed25519 hashes by itself.
 */
function hashesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): (string | null)[] {
  if (asymmetricKeyType === 'ed25519') return [null];
  const ofCurve = { secp384r1: ['sha384'], secp521r1: ['sha512'] };
  const curve = asymmetricKeyDetails?.namedCurve ?? '';
  return ['sha256', ...(curve === 'secp384r1' || curve === 'secp521r1' ? ofCurve[curve] : [])];
}

/** ECDSA as DER, RSA by PKCS #1 1.5; what is no signature at all is none of this key. */
function isSignature(
  hash: string | null,
  bytes: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, bytes, key, signature);
  } catch {
    return false;
  }
}
