import { Fault } from '../../core/fault.ts';
import type { Output } from './container.ts';

export interface Piece {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

const headerSize = 8;
const streams: Readonly<Record<number, Piece['stream']>> = {
  0: 'stdout',
  1: 'stdout',
  2: 'stderr',
};

/**
 * Takes both outputs of a container apart: each frame is a byte that names the stream, three zeros, and
 * the length of what follows in four bytes. Frames are passed on in pieces, since a length may be anything.
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 * @throws Fault `engine-failed`
 */
export async function* demultiplex(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const header = Buffer.alloc(headerSize);
  let filled = 0;
  let left = 0;
  let stream: Piece['stream'] = 'stdout';
  for await (const chunk of source) {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const bytes = chunk.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        yield { stream, bytes };
      } else {
        const part = chunk.subarray(at, at + headerSize - filled);
        header.set(part, filled);
        at += part.length;
        filled += part.length;
        if (filled < headerSize) continue;
        filled = 0;
        stream = streamOf(header);
        left = header.readUInt32BE(4);
      }
    }
  }
  if (left > 0 || filled > 0) {
    throw new Fault('engine-failed', 'the output of the container breaks off');
  }
}

function streamOf(header: Buffer): Piece['stream'] {
  const stream = streams[header[0] ?? -1];
  if (stream !== undefined && header.readUIntBE(1, 3) === 0) return stream;
  throw new Fault(
    'engine-failed',
    'the output of the container is not of two streams: it was made with a terminal',
  );
}

const defaultMaxBytes = 1024 * 1024;

/** Reads to the end and keeps the beginning of each stream. */
export async function collect(
  pieces: AsyncIterable<Piece>,
  maxBytes = defaultMaxBytes,
  onOutput?: (stream: Piece['stream'], bytes: Uint8Array) => void,
): Promise<Output> {
  const kept = {
    stdout: { chunks: [] as Uint8Array[], size: 0 },
    stderr: { chunks: [] as Uint8Array[], size: 0 },
  };
  let truncated = false;
  for await (const { stream, bytes } of pieces) {
    onOutput?.(stream, bytes);
    const of = kept[stream];
    const part = bytes.subarray(0, maxBytes - of.size);
    of.size += part.length;
    truncated ||= part.length < bytes.length;
    // A copy, so that a few bytes do not keep the whole chunk they came in.
    if (part.length > 0) of.chunks.push(new Uint8Array(part));
  }
  const text = (of: { readonly chunks: Uint8Array[] }) => Buffer.concat(of.chunks).toString();
  return { stdout: text(kept.stdout), stderr: text(kept.stderr), truncated };
}
