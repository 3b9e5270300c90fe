import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const mebibyte = 1024 * 1024;

/**
 * Bytes of a small regular file. A pipe or device, which could hang or never end, is refused without
 * being waited for.
 * @throws Error with a Node system code, or one that says what the file is instead
 */
export async function readSmall(path: string, maxBytes = 16 * mebibyte): Promise<Buffer> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const info = await handle.stat();
  if (!info.isFile()) throw new Error(`${path} is not a regular file`);
  if (info.size > maxBytes) throw new Error(`${path} is over ${maxBytes / mebibyte} MiB`);
  return await handle.readFile();
}
