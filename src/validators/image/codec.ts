import { createGunzip, createZstdDecompress } from 'node:zlib';

const decodedChunk = 256 * 1024;

/** By the first bytes, because media types are often wrong. RFC 1952 section 2.3.1, RFC 8878 section 3.1. */
export function decoderOf(head: Uint8Array) {
  if (isGzip(head)) return createGunzip({ chunkSize: decodedChunk });
  return isZstd(head) ? createZstdDecompress({ chunkSize: decodedChunk }) : undefined;
}

/** Whether bytes that begin so are compressed. */
export function isPacked(head: Uint8Array): boolean {
  return isGzip(head) || isZstd(head);
}

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function isZstd(head: Uint8Array): boolean {
  const isFrame = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  const isSkippable = ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d;
  return isFrame || isSkippable;
}
