import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62Checksum } from './proof/base62-checksum.ts';
import { privateKey } from './samples/sample.ts';
import { samples, vendorSamples } from './samples.ts';
import { createScanner, type ScanResult, scanBytes } from './scan.ts';
import { shapes } from './shapes.ts';
import { checksummedToken, noise } from './testing.ts';

const ageAlphabet = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const ofShape = (result: ScanResult, id: string) => result.hits.filter((hit) => hit.shape === id);

const allSamples: typeof samples = {
  ...samples,
  ...Object.fromEntries(
    Object.entries(vendorSamples).map(([id, text]) => [
      id,
      { positive: [text], negative: [text.replace(/([=:] ?"?).*$/, '$1<value>')] },
    ]),
  ),
};

/** Latin-1, because some samples are bytes and no text. */
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

it('has samples for every shape', () => {
  expect(Object.keys(allSamples).sort()).toEqual(shapes.map((shape) => shape.id).sort());
});

describe.each(Object.entries(allSamples))('%s', (id, { positive, negative = [] }) => {
  it('is found, without its value', () => {
    for (const text of positive) {
      const result = scanBytes(bytesOf(`first line\n  key: ${text}\n`));
      expect(ofShape(result, id), text).toHaveLength(1);
      const secret = text.replace(/^.*-----BEGIN.*$|^PuTTY.*$/gm, '');
      for (let at = 0; at + 12 <= secret.length; at += 12) {
        const piece = secret.slice(at, at + 12);
        if (/\d/.test(piece)) expect(JSON.stringify(result)).not.toContain(piece);
      }
    }
  });

  it('is not found in what only looks alike', () => {
    for (const text of negative)
      expect(ofShape(scanBytes(bytesOf(`key: "${text}"\n`)), id), text).toEqual([]);
  });

  it('does not depend on chunks', () => {
    for (const text of positive) {
      const bytes = bytesOf(`${noise(700)}\n${text}\n${noise(700)}\n`);
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
    ...Object.values(allSamples).flatMap(({ positive, negative = [] }) => [
      ...positive,
      ...negative,
    ]),
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
        const bytes = bytesOf(parts.join(' '));
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

it('leaves out the example of a page on URLs, and no other password of that host', () => {
  const address = (password: string) => `https://anonymous:${password}@developer.mozilla.org/`;
  // https://developer.mozilla.org/docs/Web/API/URL/password
  expect(scanBytes(address('flabada')).hits).toEqual([]);
  expect(scanBytes(address('flabadx')).hits).toHaveLength(1);
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

it('comes to an end on text made of anchors', () => {
  const hostile = shapes.flatMap((shape) => shape.anchors.map((anchor) => anchor.repeat(400)));
  const headers = '-----BEGIN RSA PRIVATE KEY-----\n'.repeat(2000);
  const bytes = bytesOf(`${hostile.join('')}${headers}eyJ${'a'.repeat(200_000)}`);
  // Seconds; a search whose time grew with the square of the text would outlast the limit of a test.
  const { hits, leftOut } = scanBytes(bytes);
  expect(hits.length).toBeLessThanOrEqual(50);
  expect(leftOut).toBeGreaterThanOrEqual(0);
});
