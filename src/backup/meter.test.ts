import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
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
