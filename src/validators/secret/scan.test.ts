import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner, type ScanResult, scanBytes } from './scan.ts';
import { base62Checksum, shapes } from './shapes.ts';
import { checksummedToken, noise } from './testing.ts';

const hex = '0123456789abcdef';
const ageAlphabet = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const webToken = (header: unknown, claims: unknown) =>
  `${encode(header)}.${encode(claims)}.${noise(43)}`;
const { privateKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** By shape: text that holds a secret of it, and text that only looks alike. */
const samples: Readonly<Record<string, { positive: string[]; negative: string[] }>> = {
  'private-key': {
    positive: [
      privateKey,
      JSON.stringify({ private_key: privateKey }),
      privateKey.replaceAll('\n', '\r\n'),
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${noise(640)}\n-----END RSA PRIVATE KEY-----`,
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${noise(400)}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
    ],
    negative: [
      '-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----\0',
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n',
      privateKey.replaceAll('PRIVATE', 'PUBLIC'),
    ],
  },
  'github-token': {
    positive: ['ghp_', 'gho_', 'ghs_', 'ghr_'].map((prefix) => checksummedToken(prefix)),
    negative: [`ghp_${'x'.repeat(36)}`, `x${checksummedToken('ghp_')}`, `ghp_${noise(35)}`],
  },
  'github-fine-grained-token': {
    positive: [`github_pat_${noise(22)}_${noise(59)}`],
    negative: [`github_pat_${noise(22)}_${'x'.repeat(59)}`, `github_pat_${noise(40)}`],
  },
  'gitlab-token': {
    positive: [`glpat-${noise(20)}`, `glpat-${noise(30)}.01.${noise(9, hex)}`],
    negative: ['glpat-xxxxxxxxxxxxxxxxxxxx', `glpat-${noise(12)}`],
  },
  'aws-access-key-id': {
    positive: [`AKIA${noise(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`],
    negative: ['AKIAIOSFODNN7EXAMPLE', 'AKIAAAAAAAAAAAAAAAAA', `AKIA${noise(16, '0189')}`],
  },
  'aws-secret-access-key': {
    positive: [`aws_secret_access_key = ${noise(40)}`, `"secretAccessKey": "${noise(40)}"`],
    negative: ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  },
  'slack-token': {
    positive: [`xoxb-${noise(12, '123456789')}-${noise(12, '123456789')}-${noise(24)}`],
    negative: ['xoxb-not-a-real-token', `xoxb-${noise(24)}`],
  },
  'slack-webhook': {
    positive: [`https://hooks.slack.com/services/T${noise(9)}/B${noise(9)}/${noise(24)}`],
    negative: ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'],
  },
  'stripe-key': {
    positive: [`sk_live_${noise(24)}`, `rk_live_${noise(99)}`],
    negative: [`sk_test_${noise(24)}`, `sk_live_${'x'.repeat(24)}`],
  },
  'google-api-key': {
    positive: [`AIza${noise(35)}`],
    negative: [`AIza${noise(20)}`, `AIza${'a'.repeat(35)}`],
  },
  'npm-token': {
    positive: [checksummedToken('npm_')],
    negative: ['npm_config_registry', 'npm_lifecycle_event'],
  },
  'pypi-token': { positive: [`pypi-AgEIcHlwaS5vcmc${noise(80)}`], negative: ['pypi-server'] },
  'docker-token': { positive: [`dckr_pat_${noise(27)}`], negative: ['dckr_pat_short'] },
  'sendgrid-key': {
    positive: [`SG.${noise(22)}.${noise(43)}`],
    negative: ['MSG.length', `SG.${noise(22)}`],
  },
  'anthropic-key': { positive: [`sk-ant-api03-${noise(95)}`], negative: ['sk-ant-api03-...'] },
  'openai-key': {
    positive: [`sk-proj-${noise(60)}T3BlbkFJ${noise(60)}`],
    negative: [`sk-proj-${noise(120)}`],
  },
  'azure-storage-key': {
    positive: [`AccountName=a;AccountKey=${noise(86)}==;`],
    negative: ['AccountKey=<key>'],
  },
  'vault-token': { positive: [`hvs.${noise(95)}`], negative: ['hvs.token'] },
  'age-secret-key': {
    positive: [`AGE-SECRET-KEY-1${noise(58, ageAlphabet)}`],
    negative: ['AGE-SECRET-KEY-1QPZRY'],
  },
  'json-web-token': {
    positive: [webToken({ alg: 'HS256' }, { sub: 'shop', exp: 1 })],
    negative: [
      webToken({ alg: 'none' }, { sub: 'shop' }),
      webToken({ alg: 'HS256' }, { sub: '1234567890', name: 'John Doe' }),
      webToken({ typ: 'JWT' }, { sub: 'shop' }),
    ],
  },
  'url-password': {
    positive: ['postgres://shop:mB7-wq2_Zt9@db.shop.svc:5432/shop'],
    negative: [
      `postgres://shop:\${PASSWORD}@db.shop.svc/shop`,
      'postgres://shop:$PASSWORD@db.shop.svc/shop',
      'postgres://shop:{{password}}@db.shop.svc/shop',
      'https://user:password@proxy.shop.svc',
      'https://joe:Wq2Zt9@www.example.com',
      'http://localhost:8080/@scope',
      'http://registry.shop.svc:5000/a@sha256',
    ],
  },
};

const ofShape = (result: ScanResult, id: string) => result.hits.filter((hit) => hit.shape === id);

it('has samples for every shape', () => {
  expect(Object.keys(samples).sort()).toEqual(shapes.map((shape) => shape.id).sort());
});

describe.each(Object.entries(samples))('%s', (id, { positive, negative }) => {
  it('is found, with its place and without its value', () => {
    for (const text of positive) {
      const result = scanBytes(`first line\n  key: ${text}\n`);
      expect(ofShape(result, id), text).toMatchObject([{ line: 2 }]);
      const secret = text.replace(/^.*-----BEGIN.*$/gm, '');
      for (let at = 0; at + 12 <= secret.length; at += 12) {
        expect(JSON.stringify(result)).not.toContain(secret.slice(at, at + 12));
      }
    }
  });

  it('is not found in what only looks alike', () => {
    for (const text of negative)
      expect(ofShape(scanBytes(`key: "${text}"\n`), id), text).toEqual([]);
  });

  it('does not depend on chunks', () => {
    for (const text of positive) {
      const bytes = Buffer.from(`${noise(700)}\n${text}\n${noise(700)}\n`);
      expect(scanInChunks(bytes, () => 1)).toEqual(scanBytes(bytes));
    }
  });
});

function scanInChunks(bytes: Uint8Array, sizeOf: (at: number) => number): ScanResult {
  const scanner = createScanner();
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, sizeOf(at));
    // A copy that is wiped: the scanner may not hold on to the caller's buffer.
    const chunk = Uint8Array.from(bytes.subarray(at, at + size));
    scanner.feed(chunk);
    chunk.fill(0);
    at += size;
  }
  return scanner.end();
}

it('finds the same in any mixture of secrets, fragments and noise, however it is cut', () => {
  const fragments = [
    ...Object.values(samples).flatMap(({ positive, negative }) => [...positive, ...negative]),
    ...shapes.flatMap((shape) => shape.anchors),
    '\n',
    '\0',
    '://',
    noise(100),
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...fragments), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
      (parts, sizes) => {
        const bytes = Buffer.from(parts.join(' '));
        expect(scanInChunks(bytes, (at) => sizes[at % sizes.length] ?? 1)).toEqual(
          scanBytes(bytes),
        );
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

it('knows the checksum that GitHub and npm put at the end', () => {
  // 907060870, the CRC-32 of "hello", in base 62 with the digits 0-9A-Za-z.
  expect(base62Checksum('hello')).toBe('0zNvy2');
  const valid = checksummedToken('ghp_');
  const broken = `${valid.slice(0, -1)}${valid.endsWith('A') ? 'B' : 'A'}`;
  expect(scanBytes(valid).hits).toMatchObject([{ confidence: 'verified', masked: 'ghp_…' }]);
  expect(scanBytes(broken).hits).toMatchObject([{ confidence: 'doubtful' }]);
});

it('doubts a password for this machine only, and an age key whose checksum fails', () => {
  expect(scanBytes('redis://:s3cr-Wq2Zt9@localhost:6379').hits).toMatchObject([
    { confidence: 'doubtful' },
  ]);
  expect(scanBytes(`AGE-SECRET-KEY-1${noise(58, ageAlphabet)}`).hits).toMatchObject([
    { confidence: 'doubtful' },
  ]);
});

it('leaves out what is published on purpose', () => {
  // PyJWT's README signs this with the word "secret".
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ some: 'payload' })}`;
  const signed = (key: string) =>
    `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  expect(scanBytes(signed('secret')).hits).toEqual([]);
  expect(scanBytes(signed('another')).hits).toHaveLength(1);
});

it('verifies a key that parses', () => {
  expect(scanBytes(privateKey).hits).toMatchObject([{ confidence: 'verified' }]);
});

it('gives one key one hash, whether its line ends are real or escaped', () => {
  const [inFile] = scanBytes(privateKey).hits;
  const [inJson] = scanBytes(JSON.stringify(privateKey)).hits;
  expect(inFile?.valueHash).toBe(inJson?.valueHash);
});

it('reports a token inside a URL as the token', () => {
  const { hits } = scanBytes(`https://bot:${checksummedToken('ghp_')}@git.shop.svc/shop`);
  expect(hits.map((hit) => hit.shape)).toEqual(['github-token']);
});

it('counts columns from one, in bytes', () => {
  const { hits } = scanBytes(`a\n\n  "${checksummedToken('ghp_')}"`);
  expect(hits).toMatchObject([{ line: 3, column: 4, offset: 6 }]);
});

it('gives no lines in a binary file', () => {
  const { hits } = scanBytes(Buffer.from(`\x7fELF\0\0\n${checksummedToken('ghp_')}\0`));
  expect(hits).toMatchObject([{ line: null, column: null, offset: 7 }]);
});

it('caps the hits of one file and says how many it left out', () => {
  const tokens = Array.from({ length: 70 }, (_, seed) => checksummedToken('ghp_', seed + 1));
  const { hits, leftOut } = scanBytes(tokens.join('\n'));
  expect([hits.length, leftOut]).toEqual([50, 20]);
});

it('takes linear time on text made of anchors', () => {
  const hostile = shapes.flatMap((shape) => shape.anchors.map((anchor) => anchor.repeat(2000)));
  const headers = '-----BEGIN RSA PRIVATE KEY-----\n'.repeat(5000);
  const bytes = Buffer.from(`${hostile.join('')}${headers}eyJ${'a'.repeat(200_000)}`);
  const began = performance.now();
  scanBytes(bytes);
  // Two megabytes; an ordinary tree takes ten milliseconds, and quadratic time would be hours.
  expect(performance.now() - began).toBeLessThan(5_000);
});
