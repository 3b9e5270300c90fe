import { Readable } from 'node:stream';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../core/digest.ts';
import { damageOf, meter, packed, unpacked } from './meter.ts';

describe('content on its way', () => {
  const text = 'some content '.repeat(1000);
  const pack = async () => {
    const { stored, plain } = packed(Readable.from([Buffer.from(text)]));
    const outer = meter();
    const bytes = Buffer.concat(await stored.pipe(outer).toArray());
    return {
      bytes,
      expected: {
        stored: outer.extent(),
        plain: plain(),
        compression: 'zstd' as const,
        encryption: null,
      },
    };
  };
  const read = async (bytes: Uint8Array, expected: Parameters<typeof unpacked>[1]) =>
    Buffer.concat(await unpacked(Readable.from([bytes]), expected).toArray()).toString();

  it('comes back as it was', async () => {
    const { bytes, expected } = await pack();
    expect(bytes.length).toBeLessThan(text.length / 10);
    expect(await read(bytes, expected)).toBe(text);
  });

  it('is found damaged at every byte, and when it is cut or longer', async () => {
    const { bytes, expected } = await pack();
    const spoilt = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    });
    spoilt.push(bytes.subarray(0, -1), bytes.subarray(0, 0), Buffer.concat([bytes, bytes]));
    for (const copy of spoilt) {
      const damage = await read(copy, expected).then(() => undefined, damageOf);
      expect(damage).toEqual(expect.any(String));
    }
  });

  it('is not unpacked beyond what was written', async () => {
    const { bytes, expected } = await pack();
    const less = { ...expected, plain: { ...expected.plain, size: 10 } };
    await expect(read(bytes, less)).rejects.toThrow('longer than 10 bytes');
  });

  it('tells damage from other errors', () => {
    expect(damageOf(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBeUndefined();
  });
});

describe('content that comes in small chunks', () => {
  it.each([0, 1, 256 * 1024, 3 * 1024 * 1024 + 7])(
    'of %i bytes is measured and kept',
    async (size) => {
      const content = Buffer.alloc(size, 'some text and more ');
      const chunks = function* () {
        for (let at = 0; at < size; at += 4099) yield content.subarray(at, at + 4099);
      };
      let told = 0;
      const { stored, plain } = packed(Readable.from(chunks(), { objectMode: false }), {
        onBytes: (bytes) => {
          told += bytes;
        },
      });
      const bytes = Buffer.concat(await stored.toArray());
      expect(zstdDecompressSync(bytes).equals(content)).toBe(true);
      expect([plain(), told]).toEqual([{ size, sha256: sha256Hex(content) }, size]);
    },
  );

  it('ends with the error of its source', async () => {
    const broken = async function* () {
      yield Buffer.alloc(1_000_000);
      throw new Error('torn');
    };
    const { stored } = packed(Readable.from(broken()));
    await expect(stored.toArray()).rejects.toThrow('torn');
  });
});
