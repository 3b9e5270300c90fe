import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { bech32, readBech32 } from './bech32.ts';

/** A public key, to which files are encrypted. */
export interface Recipient {
  /** `age1…` */
  readonly text: string;
  readonly key: KeyObject;
}

/** A private key. */
export interface Identity {
  /** Its public half. */
  readonly recipient: Recipient;
  readonly key: KeyObject;
}

/** What a header says to one recipient: the file key, wrapped. */
export interface Wrapped {
  /** 32 bytes. */
  readonly share: Buffer;
  /** 32 bytes. */
  readonly body: Buffer;
}

export const fileKeyBytes = 16;

/** DER of RFC 8410 around the 32 bytes of a key. */
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

const publicKey = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });

const rawOf = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length);

/** @returns undefined when the text is no X25519 recipient of age */
export function readRecipient(text: string): Recipient | undefined {
  const read = readBech32(text);
  if (read?.kind !== 'age' || read.bytes.length !== 32 || text !== text.toLowerCase()) {
    return undefined;
  }
  return { text, key: publicKey(read.bytes) };
}

/** @returns undefined when the text is no X25519 identity of age */
export function readIdentity(text: string): Identity | undefined {
  const read = readBech32(text);
  if (read?.kind !== 'age-secret-key-' || read.bytes.length !== 32) return undefined;
  const der = Buffer.concat([privatePrefix, read.bytes]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const half = createPublicKey(key);
  return { key, recipient: { text: bech32({ kind: 'age', bytes: rawOf(half) }), key: half } };
}

/** age-encryption.org/v1, "The X25519 recipient type". */
export function wrap(fileKey: Uint8Array, recipient: Recipient): Wrapped {
  const ephemeral = generateKeyPairSync('x25519');
  const share = rawOf(ephemeral.publicKey);
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient.key });
  const key = wrappingKey(secret, share, rawOf(recipient.key));
  const cipher = createCipheriv(algorithm, key, noNonce, { authTagLength: 16 });
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return { share, body };
}

/** @returns undefined when it is not for this identity */
export function unwrap({ share, body }: Wrapped, identity: Identity): Buffer | undefined {
  try {
    const secret = diffieHellman({ privateKey: identity.key, publicKey: publicKey(share) });
    const key = wrappingKey(secret, share, rawOf(identity.recipient.key));
    const decipher = createDecipheriv(algorithm, key, noNonce, { authTagLength: 16 });
    decipher.setAuthTag(body.subarray(fileKeyBytes));
    return Buffer.concat([decipher.update(body.subarray(0, fileKeyBytes)), decipher.final()]);
  } catch {
    // A share that is no point, or a tag that is another's.
    return undefined;
  }
}

const algorithm = 'chacha20-poly1305';
/** Every key is used once. */
const noNonce = Buffer.alloc(12);

function wrappingKey(secret: Uint8Array, share: Uint8Array, recipient: Uint8Array): Buffer {
  const salt = Buffer.concat([share, recipient]);
  return Buffer.from(hkdfSync('sha256', secret, salt, 'age-encryption.org/v1/X25519', 32));
}
