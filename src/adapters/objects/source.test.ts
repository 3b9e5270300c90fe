import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partsOf } from './source.ts';

const { signal } = new AbortController();

async function* chunks(content: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield content.subarray(at, at + size);
    at += size;
  }
  if (at < content.length) yield content.subarray(at);
}

it('cuts any source into parts of one size, and loses nothing', async () => {
  const cases = fc.record({
    content: fc.uint8Array({ maxLength: 200 }),
    sizes: fc.array(fc.nat(40), { maxLength: 8 }),
    partSize: fc.integer({ min: 1, max: 64 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ content, sizes, partSize }) => {
      const sha256 = createHash('sha256').update(content).digest('hex');
      const announced = { size: content.length, sha256 };
      const parts: Buffer[] = [];
      for await (const part of partsOf(chunks(content, sizes), partSize, announced, signal)) {
        parts.push(part);
      }
      expect(Buffer.concat(parts).equals(content)).toBe(true);
      expect(parts).toHaveLength(Math.max(1, Math.ceil(content.length / partSize)));
      expect(parts.slice(0, -1).every((part) => part.length === partSize)).toBe(true);
    }),
  );
});
