import { generateKeyPairSync } from 'node:crypto';
import { checksummedToken, noise } from '../testing.ts';
import { hex } from './alphabets.ts';

/** By shape: text that holds a secret of it, and text that only looks alike. None is anybody's. */
export type Samples = Readonly<
  Record<string, { readonly positive: readonly string[]; readonly negative?: readonly string[] }>
>;

/** What samples are made of: the same for the same seed, but for keys, which are new in each run and open nothing. */
export interface SampleMaker {
  readonly noise: (length: number, characters?: string, seed?: number) => string;
  readonly checksummedToken: (prefix: string, seed?: number) => string;
  /** A token of RFC 7519 whose signature nobody can check. */
  readonly webToken: (header: unknown, claims: unknown) => string;
  readonly uuid: string;
  readonly privateKey: string;
  readonly longKey: string;
}

const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
export const { privateKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding,
  publicKeyEncoding,
});
const { privateKey: longKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding,
  publicKeyEncoding,
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param from added to every seed */
export function sampleMaker(from: number): SampleMaker {
  const made: SampleMaker['noise'] = (length, characters, seed = 1) =>
    noise(length, characters, seed + from);
  return {
    noise: made,
    checksummedToken: (prefix, seed = 1) => checksummedToken(prefix, seed + from),
    webToken: (header, claims) => `${encode(header)}.${encode(claims)}.${made(43)}`,
    uuid: [8, 4, 4, 4, 12].map((length, seed) => made(length, hex, seed + 3)).join('-'),
    ...{ privateKey, longKey },
  };
}
