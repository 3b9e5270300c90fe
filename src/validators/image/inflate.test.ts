import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createInflater } from './inflate.ts';

function inflate(packed: Uint8Array, step: number): Buffer {
  const inflater = createInflater();
  if (!inflater) throw new Error('this Node.js has no binding');
  const pieces: Buffer[] = [];
  const keep = (bytes: Uint8Array) => void pieces.push(Buffer.from(bytes));
  try {
    for (let at = 0; at < packed.length; at += step) {
      inflater.write(packed.subarray(at, at + step), keep);
    }
    inflater.end(keep);
  } finally {
    inflater.close();
  }
  return Buffer.concat(pieces);
}

it('unpacks what zlib unpacks, cut as it comes, of several members', () => {
  const part = fc.uint8Array({ maxLength: 3000 });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), fc.nat(500), (parts, step) => {
      const packed = Buffer.concat(parts.map((one) => gzipSync(one)));
      expect(inflate(packed, step + 1).equals(gunzipSync(packed))).toBe(true);
    }),
    { numRuns: 60, seed: 5 },
  );
});

it('fills its buffer many times over', () => {
  const content = Buffer.concat([Buffer.alloc(5_000_000), randomBytes(3_000_000)]);
  expect(inflate(gzipSync(content), 65_536).equals(content)).toBe(true);
});

it.each([
  ['cut off', (packed: Buffer) => packed.subarray(0, -9), 'Z_BUF_ERROR'],
  ['altered', (packed: Buffer) => packed.fill(0xff, 30, 60), 'Z_DATA_ERROR'],
  [
    'with another sum',
    (packed: Buffer) => packed.fill(0, packed.length - 8, packed.length - 4),
    'Z_DATA_ERROR',
  ],
])('says that a stream is %s', (_, spoil, code) => {
  const packed = spoil(gzipSync(randomBytes(10_000)));
  expect(() => inflate(packed, 1000)).toThrow(expect.objectContaining({ code }));
});
