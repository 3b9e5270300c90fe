import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorSearch } from './anchors.ts';
import { decodedAt, encodedForm, encodedReach, shifts } from './encoded.ts';
import { redactTokens } from './redact-tokens.ts';
import { privateKey } from './samples/sample.ts';
import { samples } from './samples.ts';
import { scanBytes } from './scan.ts';
import { checksummedToken, noise } from './testing.ts';

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const token = checksummedToken('ghp_');
/** As the program base64 writes it. */
const folded = (text: string, width: number, indent = '') =>
  (base64(text).match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(`\n${indent}`);

const seen = (text: string) =>
  scanBytes(Buffer.from(text, 'latin1')).hits.map(
    ({ shape, title, line, column }) => `${line}:${column} ${shape}: ${title}`,
  );

const encodedShapes = new Set(
  anchorSearch().anchors.flatMap(({ encoded, shapes }) =>
    encoded ? shapes.map(({ shape }) => shape.id) : [],
  ),
);

describe.each([...encodedShapes].filter((id) => id !== 'url-password'))('%s', (id) => {
  const { positive = [], negative = [] } = samples[id] ?? {};

  it.each(shifts)('is found in base64, %i bytes after a group begins', (shift) => {
    const found = positive.map((text) => {
      const { hits } = scanBytes(`value: ${base64(`${'-'.repeat(shift)}\n\n\n${text}\n`)}\n`);
      return hits.filter(({ shape, title }) => shape === id && title.includes('in base64')).length;
    });
    expect(Math.max(...found)).toBe(1);
  });

  it.each(shifts)('is found far into one long line, %i bytes after a group begins', (shift) => {
    const before = `${'-'.repeat(300 + shift)}\n\n\n`;
    const found = positive.map((text) => {
      const { hits } = scanBytes(`value: ${base64(`${before}${text}\n`)}\n`);
      return hits.filter(({ shape, title }) => shape === id && title.includes('in base64')).length;
    });
    expect(Math.max(...found)).toBe(1);
  });

  it('is not found in the base64 of what only looks alike', () => {
    for (const text of negative) {
      const { hits } = scanBytes(`value: ${base64(`"${text}"`)}\n`);
      expect(hits.filter(({ shape }) => shape === id)).toEqual([]);
    }
  });
});

it.each([
  ['postgres', 'postgres://shop:mB7-wq2_Zt9@db.shop.svc:5432/shop', 1],
  ['mysql', 'mysql://shop:mB7-wq2_Zt9@db.shop.svc:5432/shop', 1],
  ['mongodb+srv', 'mongodb+srv://shop:mB7-wq2_Zt9@db.shop.svc/shop', 1],
  ['a template', `postgres://shop:\${PASSWORD}@db.shop.svc/shop`, 0],
  ['a host of documents', 'postgres://shop:mB7-wq2_Zt9@db.example.com/shop', 0],
])('looks for passwords in encoded addresses of databases: %s', (_, address, count) => {
  const { hits } = scanBytes(`url: ${base64(address)}`);
  expect(hits.map(({ title, masked }) => [title, masked])).toEqual(
    Array.from({ length: count }, () => ['a password in a URL in base64', '…']),
  );
});

it('names line and column of the group that the value begins in, and masks it', () => {
  expect(seen(`a: b\ndata:\n  token: ${base64(token)}\n`)).toEqual([
    '3:10 github-token: a GitHub token in base64',
  ]);
  const [hit] = scanBytes(base64(token)).hits;
  expect([hit?.masked, hit?.confidence]).toEqual(['ghp_…', 'verified']);
  expect(hit?.valueHash).toBe(scanBytes(token).hits[0]?.valueHash);
});

it('finds each of several in one encoded file, where they stand', () => {
  const other = checksummedToken('npm_');
  const text = `A=${token}\nB=${other}\n`;
  const inOneLine = seen(`x: ${base64(text)}`);
  expect(inOneLine.map((one) => one.split(' ')[1])).toEqual(['github-token:', 'npm-token:']);
  expect(seen(`x: |\n  ${folded(text, 76, '  ')}\n`)).toEqual([
    '2:3 github-token: a GitHub token in base64',
    '2:63 npm-token: an npm token in base64',
  ]);
});

it.each([
  ['of MIME', folded(privateKey, 76)],
  ['of PEM', folded(privateKey, 64)],
  ['indented', folded(privateKey, 76, '    ')],
  ['of Windows', folded(privateKey, 76).replaceAll('\n', '\r\n')],
  ['in JSON', JSON.stringify(folded(privateKey, 76))],
])('reads on over the ends of lines: %s', (_, text) => {
  const [hit] = scanBytes(`\n${text}\n`).hits;
  expect([hit?.shape, hit?.confidence]).toEqual(['private-key', 'verified']);
  expect(hit?.valueHash).toBe(scanBytes(privateKey).hits[0]?.valueHash);
});

it('takes no further entry for a further line', () => {
  const value = `${token}${' '.repeat(5)}`;
  expect(base64(value).length % 4).toBe(0);
  expect(seen(`a: ${base64(value)}\nbcde: x\n`)).toHaveLength(1);
});

it('finds nothing in base64 of base64, and nothing where a group cannot begin', () => {
  expect(seen(base64(base64(token)))).toEqual([]);
  expect(seen(`x${base64(token)}`)).toEqual([]);
});

it('leaves tokens in base64 out of messages', () => {
  expect(redactTokens(`the value ${base64(token)} is wrong`)).not.toContain(
    base64(token).slice(4, 40),
  );
});

it('knows the characters that a text decides, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 20 }),
      fc.constantFrom(...shifts),
      fc.uint8Array({ minLength: 3, maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
      (bytes, shift, before, after) => {
        const text = Buffer.from(bytes).toString('latin1');
        const head = before.subarray(0, before.length - (before.length % 3) - ((3 - shift) % 3));
        fc.pre(head.length % 3 === shift);
        const whole = Buffer.concat([head, bytes, after]).toString('base64');
        const form = encodedForm(text, shift);
        const at = ((head.length - shift) / 3) * 4 + form.behind;
        expect(whole.slice(at).startsWith(form.text)).toBe(true);
        const decoded = decodedAt(whole, at, form, 100);
        expect(decoded?.text.slice(decoded.at, decoded.at + bytes.length)).toBe(text);
      },
    ),
    { numRuns: 300, seed: 5 },
  );
});

it('reaches as far as the longest lines need', () => {
  expect(encodedReach(300)).toBeGreaterThan(400);
});

it('comes to an end on text made of encoded anchors, and says that it did not try all', () => {
  const { anchors } = anchorSearch();
  const hostile = anchors.flatMap(({ encoded, text }) => (encoded ? [text.repeat(200)] : []));
  // Each looks as if a key began, and only decoding all that may follow tells that none does.
  const keys = base64('-----BEGIN PRIVATE KEY-----').repeat(30_000);
  expect(scanBytes(`${hostile.join('')}${noise(1000)}`).hits.length).toBeLessThanOrEqual(50);
  expect(scanBytes(keys)).toMatchObject({ hits: [], leftOut: expect.any(Number) });
  expect(scanBytes(keys).leftOut).toBeGreaterThan(0);
  expect(scanBytes(base64('-----BEGIN PRIVATE KEY-----').repeat(100)).leftOut).toBe(0);
});
