import { randomBytes } from 'node:crypto';

/** Opcodes (RFC 6455 section 5.2). */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

export interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The API server writes 32 KiB at a time; far more is no frame of its. */
const maxPayloadBytes = 16 * 1024 * 1024;

/** One whole frame as a client sends it: masked (section 5.3). */
export function encodeFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const long = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + long);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (long === 0 ? length : long === 2 ? 126 : 127);
  if (long === 2) head.writeUInt16BE(length, 2);
  if (long === 8) head.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload);
  for (let at = 0; at < length; at++) masked[at] = (masked[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return Buffer.concat([head, mask, masked]);
}

/** The frames of a stream, whatever the pieces it comes in. @throws Error on what no server may send */
export async function* frames(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held = Buffer.alloc(0);
  for await (const part of parts) {
    held = held.length === 0 ? Buffer.from(part) : Buffer.concat([held, part]);
    for (let frame = first(held); frame; frame = first(held)) {
      held = held.subarray(frame.bytes);
      yield frame;
    }
  }
}

/** The frame that `bytes` begins with; undefined when it is not all there. */
function first(bytes: Buffer): (Frame & { readonly bytes: number }) | undefined {
  const [flags, size] = bytes;
  if (flags === undefined || size === undefined) return undefined;
  if ((flags & 0x70) !== 0 || (size & 0x80) !== 0) {
    throw new Error('the server broke the WebSocket protocol');
  }
  const long = size < 126 ? 0 : size === 126 ? 2 : 8;
  if (bytes.length < 2 + long) return undefined;
  const length =
    long === 0 ? size : long === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > maxPayloadBytes) throw new Error('the server sent a WebSocket frame over 16 MiB');
  const end = 2 + long + length;
  if (bytes.length < end) return undefined;
  return {
    final: (flags & 0x80) !== 0,
    opcode: flags & 0x0f,
    payload: bytes.subarray(2 + long, end),
    bytes: end,
  };
}
