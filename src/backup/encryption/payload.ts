import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Transform } from 'node:stream';
import { DamagedContent } from '../damaged.ts';
import { type Header, headerOf, openHeader, readHeader } from './header.ts';
import { fileKeyBytes, type Identity, type Recipient } from './x25519.ts';

/**
 * Encrypted files of age-encryption.org/v1: a header that holds the key for each recipient, a nonce,
 * and chunks of 64 KiB under ChaCha20-Poly1305 whose nonces count up and mark the last one.
 */
const chunkBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;
const algorithm = 'chacha20-poly1305';

const payloadKey = (fileKey: Uint8Array, nonce: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));

/** Eleven bytes that count, and one that is 1 on the last chunk. */
function counting(): (last: boolean) => Buffer {
  const nonce = Buffer.alloc(12);
  let next = 0;
  return (last) => {
    nonce.writeUIntBE(next++, 5, 6);
    nonce[11] = last ? 1 : 0;
    return nonce;
  };
}

/** Gathers what comes into pieces of one size; the last may be shorter, and is held until the end. */
function pieces(size: number) {
  const held: Buffer[] = [];
  let bytes = 0;
  const take = (count: number): Buffer => {
    bytes -= count;
    const taken: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const first = held.shift() ?? Buffer.alloc(0);
      if (first.length > left) held.unshift(first.subarray(left));
      taken.push(first.subarray(0, left));
      left -= Math.min(first.length, left);
    }
    return taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken);
  };
  return {
    *add(chunk: Buffer): Generator<Buffer> {
      held.push(chunk);
      bytes += chunk.length;
      while (bytes > size) yield take(size);
    },
    last: () => take(bytes),
  };
}

/** Encrypts what passes to all of the recipients. */
export function encrypting(recipients: readonly Recipient[]): Transform {
  const fileKey = randomBytes(fileKeyBytes);
  const nonce = randomBytes(nonceBytes);
  const key = payloadKey(fileKey, nonce);
  const nonceOf = counting();
  const plain = pieces(chunkBytes);
  const seal = (piece: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv(algorithm, key, nonceOf(last), { authTagLength: tagBytes });
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  };
  let begun = false;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (!begun) this.push(Buffer.concat([headerOf(fileKey, recipients), nonce]));
      begun = true;
      for (const piece of plain.add(chunk)) this.push(seal(piece, false));
      done();
    },
    flush(done) {
      if (!begun) this.push(Buffer.concat([headerOf(fileKey, recipients), nonce]));
      done(null, seal(plain.last(), true));
    },
  });
}

/**
 * Decrypts what passes; nothing leaves it that was not authenticated, and its end is an error
 * ({@link DamagedContent}) where the last chunk has not come.
 * @param notOurs the error of a header that none of the identities opens. It is thrown at the end of
 *   the stream: only then is it known whether the header was changed on its way
 */
export function decrypting(identities: readonly Identity[], notOurs: () => Error): Transform {
  let early = Buffer.alloc(0);
  let open: ((piece: Buffer, last: boolean) => Buffer) | undefined;
  let closed = false;
  const sealed = pieces(chunkBytes + tagBytes);

  const begin = (header: Header): Error | undefined => {
    const fileKey = openHeader(header, identities);
    if (fileKey === 'changed') return new DamagedContent('its header was changed');
    closed = fileKey === undefined;
    if (fileKey === undefined) return undefined;
    const end = header.length + nonceBytes;
    const key = payloadKey(fileKey, early.subarray(header.length, end));
    const nonceOf = counting();
    open = (piece, last) => opened(piece, key, nonceOf(last));
    return undefined;
  };

  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (closed) return done();
      let rest = chunk;
      if (!open) {
        early = Buffer.concat([early, chunk]);
        const header = readHeader(early);
        if (header === 'no-header') return done(new DamagedContent('it is no file of age'));
        if (!header || early.length < header.length + nonceBytes) return done();
        const wrong = begin(header);
        if (wrong || closed) return done(wrong);
        rest = early.subarray(header.length + nonceBytes);
      }
      try {
        for (const piece of sealed.add(rest)) this.push(open?.(piece, false));
        done();
      } catch (error) {
        done(errorOf(error));
      }
    },
    flush(done) {
      if (closed) return done(notOurs());
      if (!open) return done(new DamagedContent('it ends within its header'));
      try {
        const piece = sealed.last();
        done(null, open(piece, true));
      } catch (error) {
        done(errorOf(error));
      }
    },
  });
}

function opened(piece: Buffer, key: Buffer, nonce: Buffer): Buffer {
  if (piece.length < tagBytes) throw new DamagedContent('it is cut short');
  const end = piece.length - tagBytes;
  // Only an empty file ends in an empty chunk.
  const later = nonce.subarray(0, 11).some((byte) => byte !== 0);
  if (end === 0 && later) throw new DamagedContent('it ends in a chunk too many');
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(piece.subarray(end));
  const plain = decipher.update(piece.subarray(0, end));
  try {
    decipher.final();
  } catch {
    throw new DamagedContent('a chunk of it was changed, or the ones after it are missing');
  }
  return plain;
}

const errorOf = (error: unknown): Error =>
  error instanceof Error ? error : new Error('decrypting failed', { cause: error });
