import { watch } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { spool, spoolFile } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-spool-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Names that appear in the folder meanwhile, up to one that is made for the purpose. */
async function namesDuring(work: () => Promise<void>): Promise<readonly string[]> {
  const names = new Set<string>();
  const last = Promise.withResolvers<void>();
  const watcher = watch(folder, (_, name) => {
    if (name === 'last') last.resolve();
    // What Linux calls a file without a name, when it says that it was written to.
    else if (name !== null && !/^#\d+$/.test(name)) names.add(name);
  });
  try {
    await work();
    await writeFile(join(folder, 'last'), '');
    await last.promise;
  } finally {
    watcher.close();
  }
  return [...names];
}

const bytes = Buffer.alloc(9 * 1024 * 1024, 'more than is kept in memory ');

it.runIf(process.platform === 'linux')(
  'never gives its file a name, not even for a moment',
  async () => {
    const names = await namesDuring(async () => {
      await using spooled = await spool(Readable.from([bytes]));
      const parts: Uint8Array[] = [];
      for await (const part of spooled.content()) parts.push(part);
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
      await using file = await spoolFile(bytes.length, () => Readable.from([bytes]));
      expect((await readFile(file?.path ?? '')).equals(bytes)).toBe(true);
    });
    expect(names).toEqual([]);
  },
);
