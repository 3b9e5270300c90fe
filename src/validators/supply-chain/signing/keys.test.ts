import { createHash, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../image/testing.ts';
import { keyFilesIn, keysIn, loadKeys } from './keys.ts';
import { kinds, pemOf } from './testing.ts';

it('reads every key of a file, known by what openssl calls its digest', async () => {
  const folder = await temporaryFolder();
  const pairs = [kinds['ECDSA P-256'](), kinds.Ed25519()];
  const text = pairs.map(({ publicKey }) => pemOf(publicKey)).join('\n');
  await writeFile(join(folder, 'release.pub'), `# of the release\r\n${text}`);
  const keys = await loadKeys(['release.pub'], folder);
  expect(keys.map(({ fingerprint }) => fingerprint)).toEqual(
    pairs.map(({ publicKey }) => {
      const der = publicKey.export({ type: 'spki', format: 'der' });
      return `sha256:${createHash('sha256').update(der).digest('hex')}`;
    }),
  );
});

const pemKey = (kind: keyof typeof kinds) =>
  kinds[kind]().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

it.each<[string, () => string, RegExp]>([
  ['a private key', () => pemKey('ECDSA P-256'), /private key; name the public one/],
  ['nothing', () => '', /no public key in PEM/],
  ['a certificate', () => block('CERTIFICATE', 'MA=='), /holds a CERTIFICATE/],
  ['rubbish', () => block('PUBLIC KEY', 'bm90IGEga2V5'), /cannot be read/],
  ['a short RSA key', () => pemOf(rsa(1024)), /1024 bits is too short/],
  ['a curve of others', () => pemOf(curve('secp256k1')), /secp256k1 is none/],
  ['a key that signs nothing', () => pemOf(x25519()), /x25519 is none/],
])('refuses %s', (_, text, message) => {
  expect(() => keysIn('a.pub', text())).toThrow(
    expect.objectContaining({
      code: 'key-unreadable',
      message: expect.stringMatching(message),
    }),
  );
});

const block = (label: string, base64: string) =>
  `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).publicKey;
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;
const x25519 = () => generateKeyPairSync('x25519').publicKey;

it('refuses what is not there, a folder, and too many keys', async () => {
  const folder = await temporaryFolder();
  await expect(loadKeys(['none.pub'], folder)).rejects.toMatchObject({ code: 'input-missing' });
  await expect(loadKeys(['.'], folder)).rejects.toMatchObject({ code: 'key-unreadable' });
  const text = pemOf(kinds.Ed25519().publicKey);
  await writeFile(join(folder, 'many.pub'), text.repeat(21));
  await expect(loadKeys(['many.pub'], folder)).rejects.toMatchObject({ code: 'input-too-large' });
});

it('reads the option of the rule', () => {
  const options = (keys: unknown) => ({ 'supply-chain/signature': { keys } });
  expect(keyFilesIn()).toEqual([]);
  expect(keyFilesIn(options(['a.pub']))).toEqual(['a.pub']);
  expect(() => keyFilesIn(options('a.pub'))).toThrow('keys');
});
