import { describe, expect, it } from 'vitest';
import { preAuthenticationEncoding } from './dsse.ts';
import { kinds, pairOf, signed } from './testing.ts';
import { signerOf } from './verify.ts';

const bytes = Buffer.from('what was signed');
const names = ['ECDSA P-256', 'ECDSA P-384', 'ECDSA P-521', 'RSA 2048', 'Ed25519'] as const;

describe('a signature', () => {
  it('is tried with all kinds of keys', () => {
    expect(names).toEqual(Object.keys(kinds));
  });

  it.each(names)('of %s holds for its key and its bytes alone', (kind) => {
    const [own, other] = [pairOf(kind), pairOf(kind, 'other.pub')];
    const signature = Buffer.from(signed(bytes, own.privateKey), 'base64');
    const signer = (keys: (typeof own)[], what: Uint8Array = bytes, sig = signature) =>
      signerOf(
        { bytes: what, signatures: [sig] },
        keys.map(({ trusted }) => trusted),
      )?.file;
    expect(signer([other, own])).toBe('release.pub');
    expect(signer([other])).toBeUndefined();
    expect(signer([])).toBeUndefined();
    expect(signer([own], Buffer.from('what was signee'))).toBeUndefined();
    for (let at = 0; at < signature.length; at += 7) {
      const altered = Buffer.from(signature);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(signer([own], bytes, altered)).toBeUndefined();
    }
    for (const none of ['', 'x', 'MEUCIQ']) {
      expect(signer([own], bytes, Buffer.from(none, 'base64'))).toBeUndefined();
    }
  });

  it('may be over the hash of its curve', () => {
    const { trusted, privateKey } = pairOf('ECDSA P-384');
    const signatures = [Buffer.from(signed(bytes, privateKey, 'sha384'), 'base64')];
    expect(signerOf({ bytes, signatures }, [trusted])).toBe(trusted);
  });

  it('over bytes that are not there holds for nobody', () => {
    const { trusted } = pairOf('Ed25519');
    expect(signerOf({ bytes: null, signatures: [Buffer.from('x')] }, [trusted])).toBeUndefined();
  });
});

it('an envelope is signed over type and payload with their lengths', () => {
  // The example of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md#test-vectors
  const encoded = preAuthenticationEncoding(
    'http://example.com/HelloWorld',
    Buffer.from('hello world'),
  );
  expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});
