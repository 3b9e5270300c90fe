import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { Fault, messageOf, systemCode } from '../../../core/fault.ts';
import { readSmall } from '../../../core/read-small.ts';
import { textsOf } from '../../manifest/options.ts';

/** A key that signatures may be by; plain data, as targets are. */
export interface TrustedKey {
  /** As people name it. */
  readonly file: string;
  /** `sha256:…` of the key itself, as `openssl pkey -pubin -outform DER | sha256sum` has it. */
  readonly fingerprint: string;
  /** SubjectPublicKeyInfo. */
  readonly pem: string;
}

export const signatureRule = 'supply-chain/signature';

/** A key has some 800 bytes; more of them than this are no decision of a person. */
const maxBytes = 64 * 1024;
const maxKeys = 20;

const block = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/**
 * The files that the configuration names.
 * @throws Fault `config-invalid`
 */
export function keyFilesIn(
  options: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): readonly string[] {
  return textsOf(signatureRule, options[signatureRule] ?? {}, 'keys') ?? [];
}

/**
 * Reads public keys, of which a file may hold several.
 * @param root paths are relative to it
 * @throws Fault `input-missing`, `key-unreadable`
 */
export async function loadKeys(
  files: readonly string[],
  root: string,
): Promise<readonly TrustedKey[]> {
  const keys: TrustedKey[] = [];
  for (const file of files) keys.push(...keysIn(file, await textOf(file, root)));
  if (keys.length <= maxKeys) return keys;
  throw new Fault('input-too-large', `more than ${maxKeys} public keys`);
}

async function textOf(file: string, root: string): Promise<string> {
  try {
    return (await readSmall(resolve(root, file), maxBytes)).toString('latin1');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Fault('input-missing', `${file}: no such file`);
    }
    throw new Fault('key-unreadable', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** @throws Fault `key-unreadable` */
export function keysIn(file: string, text: string): readonly TrustedKey[] {
  const wrong = (why: string, cause?: unknown) =>
    new Fault('key-unreadable', `${file}: ${why}`, { cause });
  const blocks = [...text.matchAll(block)];
  // Node would take the public half of it, and whoever signs with it has lost it.
  if (/PRIVATE KEY/.test(text)) throw wrong('it holds a private key; name the public one');
  if (blocks.length === 0) throw wrong('there is no public key in PEM');
  return blocks.map(([pem, label = '']) => {
    if (label !== 'PUBLIC KEY' && label !== 'RSA PUBLIC KEY') {
      throw wrong(`it holds a ${label}, and a PUBLIC KEY is wanted`);
    }
    let key: KeyObject;
    try {
      key = createPublicKey(pem);
    } catch (error) {
      throw wrong(`its key cannot be read (${messageOf(error)})`, error);
    }
    const problem = weaknessOf(key);
    if (problem !== undefined) throw wrong(problem);
    const der = key.export({ type: 'spki', format: 'der' });
    const fingerprint = `sha256:${createHash('sha256').update(der).digest('hex')}`;
    return { file, fingerprint, pem: key.export({ type: 'spki', format: 'pem' }).toString() };
  });
}

const curves = ['prime256v1', 'secp384r1', 'secp521r1'];
/** https://csrc.nist.gov/pubs/sp/800/131/a/r2/final: fewer bits are no longer allowed. */
const minRsaBits = 2048;

function weaknessOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject) {
  if (type === 'ed25519') return undefined;
  if (type === 'ec' && curves.includes(details?.namedCurve ?? '')) return undefined;
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= minRsaBits) return undefined;
  if (type === 'rsa') return `an RSA key of ${details?.modulusLength} bits is too short`;
  return `a key of the type ${details?.namedCurve ?? type} is none that cosign signs with`;
}
