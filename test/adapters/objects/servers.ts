import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { ObjectStore, PutOptions, Stored } from '../../../src/adapters/objects/objects.ts';

/** The servers of the bed on which every case runs, by the variable that names each. */
export const servers = [
  { server: 'MinIO', variable: 'DEPLOYCHECK_TEST_S3' },
  { server: 'versitygw', variable: 'DEPLOYCHECK_TEST_S3_SECOND' },
] as const;

export const never = new AbortController().signal;
export const mebibyte = 1024 * 1024;

export const sha256 = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** Content in pieces of a size that fits into no part evenly. */
async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = 60_001;
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

export function put(
  store: ObjectStore,
  bucket: string,
  key: string,
  content: Uint8Array | string,
  options: Partial<PutOptions> = {},
  signal = never,
): Promise<Stored> {
  const bytes = Buffer.from(content);
  const known = { size: bytes.length, sha256: sha256(bytes) };
  return store.put(bucket, key, pieces(bytes), { ...known, ...options }, signal);
}

export async function read(
  store: ObjectStore,
  bucket: string,
  key: string,
  ...[options = {}, signal = never]: [
    options?: Parameters<ObjectStore['get']>[2],
    signal?: AbortSignal,
  ]
): Promise<Buffer | undefined> {
  const content = await store.get(bucket, key, options, signal);
  return content && buffer(content.body);
}

export async function all<T>(entries: AsyncIterable<T> | undefined): Promise<T[] | undefined> {
  if (!entries) return undefined;
  const list: T[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}
