import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startOfProcess } from './leftovers.ts';
import { withLock } from './lock.ts';

const { signal } = new AbortController();
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

it('lets one in at a time, and removes itself', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside++;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(file, signal, work)));
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

it('is released when the work fails', async () => {
  await expect(withLock(file, signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});

it('takes over the lock of a dead owner, and of a pid that another process has now', async () => {
  await writeFile(file, '999999999 123');
  expect(await withLock(file, signal, async () => 1)).toBe(1);
  await writeFile(file, `${process.pid} 1`);
  expect(await withLock(file, signal, async () => 2)).toBe(2);
});

it('gives up after ten seconds on a live owner, and says who holds it', async () => {
  await writeFile(file, `${process.pid} ${await startOfProcess(process.pid)}`);
  await expect(withLock(file, signal, async () => 1)).rejects.toMatchObject({
    code: 'run-folder-locked',
  });
}, 20_000);
