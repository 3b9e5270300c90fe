import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sampleCertificate } from './certificate-sample.ts';
import { withCertificatesBeside } from './key-pairs.ts';
import { scanBytes } from './scan.ts';

type Written = [KeyObject, string];
const inPem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  String(key.export({ format: 'pem', type }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const edwards = generateKeyPairSync('ed25519').privateKey;
const other = generateKeyPairSync('ed25519').privateKey;

const scanned = (files: Readonly<Record<string, string>>) =>
  withCertificatesBeside(
    Object.entries(files).map(([path, text]) => ({ path, secrets: scanBytes(text, { path }) })),
  );
const titles = (files: Readonly<Record<string, string>>) =>
  scanned(files).flatMap(({ secrets }) => secrets.hits.map(({ title }) => title));
const paired = (place: string) =>
  `a private key that pairs with the certificate ${place} (subject CN=shop.example, expires 2049-12-31)`;

describe('a private key', () => {
  it.each<[string, Written]>([
    ['RSA in PKCS #8', [rsa, inPem(rsa, 'pkcs8')]],
    ['RSA in PKCS #1', [rsa, inPem(rsa, 'pkcs1')]],
    ['an elliptic curve in PKCS #8', [curve, inPem(curve, 'pkcs8')]],
    ['an elliptic curve in SEC 1', [curve, inPem(curve, 'sec1')]],
    ['Ed25519', [edwards, inPem(edwards, 'pkcs8')]],
  ])('of %s pairs with its certificate', (_, [key, text]) => {
    const certificate = sampleCertificate(key, 'shop.example');
    expect(titles({ 'a.pem': text + certificate })).toEqual([paired('in the same file')]);
    expect(titles({ 'tls/a.key': text, 'tls/a.crt': certificate })).toEqual([
      paired('a.crt beside it'),
    ]);
    expect(titles({ 'tls/a.key': text, 'other/a.crt': certificate })).toEqual(['a private key']);
  });

  const key = inPem(edwards, 'pkcs8');
  const certificate = sampleCertificate(edwards, 'shop.example');

  it('pairs in JSON, too', () => {
    expect(titles({ 'a.json': JSON.stringify({ key, certificate }) })).toEqual([
      paired('in the same file'),
    ]);
  });

  it('does not pair with the certificate of another', () => {
    const foreign = sampleCertificate(other, 'shop.example');
    expect(titles({ 'a.pem': key + foreign })).toEqual(['a private key']);
    expect(titles({ 'a.pem': key + foreign + certificate })).toHaveLength(1);
  });

  it('that is sealed, of another form or damaged is what it was', () => {
    const sealed = String(
      edwards.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }),
    );
    const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
    const ofDsa = inPem(dsa.privateKey, 'pkcs8');
    for (const text of [sealed, ofDsa, key.replace('MC4', 'MC5')]) {
      expect(titles({ 'a.pem': text + certificate })).toEqual(['a private key']);
    }
  });

  it('keeps its certificate out of the title where a stranger named it at length', () => {
    const named = sampleCertificate(edwards, `${'a'.repeat(300)}\u0007`);
    const [title = ''] = titles({ 'a.pem': key + named });
    expect(title.length).toBeLessThan(250);
    expect(title).not.toContain('\u0007');
  });
});

it('looks at no more than sixteen certificates of a file', () => {
  const foreign = sampleCertificate(other, 'authority.example').repeat(16);
  const own = sampleCertificate(edwards, 'shop.example');
  const key = inPem(createPrivateKey(inPem(edwards, 'pkcs8')), 'pkcs8');
  expect(titles({ 'a.pem': key + foreign + own })).toEqual(['a private key']);
  expect(scanBytes(foreign + own).certificates).toHaveLength(16);
});
