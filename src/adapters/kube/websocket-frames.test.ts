import { describe, expect, it } from 'vitest';
import { encodeFrame, type Frame, frames, opcodes } from './websocket-frames.ts';

async function read(...pieces: readonly Uint8Array[]): Promise<Frame[]> {
  const result: Frame[] = [];
  const parts = (async function* () {
    yield* pieces;
  })();
  for await (const { final, opcode, payload } of frames(parts)) {
    result.push({ final, opcode, payload: Buffer.from(payload) });
  }
  return result;
}

/** What a server sends: a client's frame without its mask. */
function serverFrame(opcode: number, payload: Buffer, final = true): Buffer {
  const masked = encodeFrame(opcode, payload);
  const head = Buffer.from(masked.subarray(0, masked.length - payload.length - 4));
  head[0] = (final ? 0x80 : 0) | opcode;
  head[1] = (head[1] ?? 0) & 0x7f;
  return Buffer.concat([head, payload]);
}

describe('WebSocket frames', () => {
  const payloads = [0, 1, 125, 126, 127, 65_535, 65_536, 100_000].map((length) =>
    Buffer.alloc(length, 'frame'),
  );

  it('come as they were sent, at every length', async () => {
    for (const payload of payloads) {
      const sent = serverFrame(opcodes.binary, payload);
      expect(await read(sent)).toEqual([{ final: true, opcode: 2, payload }]);
    }
  });

  it('are the same wherever the stream is split', async () => {
    const bytes = Buffer.concat([
      serverFrame(opcodes.binary, Buffer.from('first'), false),
      serverFrame(opcodes.ping, Buffer.alloc(0)),
      serverFrame(opcodes.continuation, Buffer.alloc(200, 'x')),
      serverFrame(opcodes.close, Buffer.from([3, 232])),
    ]);
    const whole = await read(bytes);
    expect(whole.map(({ opcode }) => opcode)).toEqual([2, 9, 0, 8]);
    expect(whole.map(({ final }) => final)).toEqual([false, true, true, true]);
    for (let at = 0; at <= bytes.length; at++) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
    }
    expect(await read(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
    expect(await read(bytes.subarray(0, bytes.length - 1))).toEqual(whole.slice(0, 3));
  });

  it('are masked when a client sends them', () => {
    for (const payload of payloads) {
      const sent = encodeFrame(opcodes.binary, payload);
      const mask = sent.subarray(sent.length - payload.length - 4, sent.length - payload.length);
      const body = Buffer.from(sent.subarray(sent.length - payload.length));
      for (const [at, byte] of body.entries()) body[at] = byte ^ (mask[at % 4] ?? 0);
      expect(body.equals(payload)).toBe(true);
      expect(sent[0]).toBe(0x82);
      expect((sent[1] ?? 0) & 0x80).toBe(0x80);
    }
    const twice = [1, 2].map(() =>
      encodeFrame(opcodes.binary, Buffer.from('same')).toString('hex'),
    );
    expect(twice[0]).not.toBe(twice[1]);
  });

  it('that no server may send are refused', async () => {
    await expect(read(encodeFrame(opcodes.binary, Buffer.from('masked')))).rejects.toThrow('broke');
    await expect(read(Buffer.from([0xc2, 0]))).rejects.toThrow('broke');
    const huge = Buffer.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
    await expect(read(huge)).rejects.toThrow('16 MiB');
  });
});
