import { chmod, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptFiles } from './kept-files.ts';
import { temporaryFolder } from './testing.ts';

const bounds = { bytes: 1000, files: 10 };
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

it('gives back what was written, also over an earlier content', async () => {
  const files = keptFiles(join(await temporaryFolder(), 'new'), bounds);
  expect(await files.read('a')).toBeUndefined();
  await files.write('a', Buffer.from('one'));
  await files.write('a', Buffer.from('two'));
  expect(text(await files.read('a'))).toBe('two');
});

it('does not take a file that was altered, cut off, or that others may write', async () => {
  const folder = await temporaryFolder();
  const files = keptFiles(folder, bounds);
  const file = join(folder, 'a');
  await files.write('a', Buffer.from('content'));
  const bytes = await readFile(file);
  for (const at of [0, 31, 32, bytes.length - 1]) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await writeFile(file, altered);
    expect(await files.read('a')).toBeUndefined();
  }
  for (const size of [0, 31, bytes.length - 1]) {
    await writeFile(file, bytes.subarray(0, size));
    expect(await files.read('a')).toBeUndefined();
  }
  await writeFile(file, bytes);
  expect(text(await files.read('a'))).toBe('content');
  await chmod(file, 0o666);
  expect(await files.read('a')).toBeUndefined();
});

it('does without a folder that cannot be made', async () => {
  const files = keptFiles(join(import.meta.filename, 'below-a-file'), bounds);
  await files.write('a', Buffer.from('content'));
  expect(await files.read('a')).toBeUndefined();
  await files.trim();
});

it('keeps within its bounds by what was used last, and clears what was never finished', async () => {
  const folder = await temporaryFolder();
  const files = keptFiles(folder, bounds);
  const long = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  for (const [at, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    await files.write(name, Buffer.alloc(250));
    await utimes(join(folder, name), long(9 - at), long(9 - at));
  }
  await writeFile(join(folder, 'x.tmp'), '');
  await utimes(join(folder, 'x.tmp'), long(2), long(2));
  await files.read('a');
  await files.trim();
  expect((await readdir(folder)).sort()).toEqual(['a', 'd', 'e']);
});

it('bounds the number of files, too', async () => {
  const folder = await temporaryFolder();
  const files = keptFiles(folder, { bytes: 1_000_000, files: 2 });
  for (const name of ['a', 'b', 'c']) await files.write(name, Buffer.from(name));
  await files.trim();
  expect(await readdir(folder)).toHaveLength(2);
});
