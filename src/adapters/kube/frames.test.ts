import { describe, expect, it } from 'vitest';
import { lines } from './frames.ts';

async function* parts(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function read(pieces: AsyncIterable<Uint8Array>, maxBytes?: number): Promise<string[]> {
  const result: string[] = [];
  for await (const line of lines(pieces, maxBytes)) result.push(line);
  return result;
}

describe('the lines of a stream', () => {
  const text = '{"type":"ADDED"}\n{"name":"größe 漢字 🚢"}\n\n{"last":true}\n';
  const bytes = Buffer.from(text);
  const whole = ['{"type":"ADDED"}', '{"name":"größe 漢字 🚢"}', '{"last":true}'];

  it('are the same wherever it is split', async () => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(await read(parts(bytes.subarray(0, at), bytes.subarray(at)))).toEqual(whole);
    }
    expect(await read(parts(...[...bytes].map((byte) => Buffer.from([byte]))))).toEqual(whole);
  });

  it('leave out what was cut off', async () => {
    const pieces = bytes.subarray(0, bytes.length - 3);
    expect(await read(parts(pieces))).toEqual(whole.slice(0, 2));
    expect(await read(parts())).toEqual([]);
  });

  it('have an end, also where there is none', async () => {
    const endless = Buffer.alloc(600, 'x');
    await expect(read(parts(endless, endless), 1000)).rejects.toThrow('longer than 1000 bytes');
    expect(await read(parts(endless, Buffer.from('\n'), endless), 1000)).toHaveLength(1);
  });
});
