import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Artefact, findArtefact, unpacked } from './artefact.ts';

const hexOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const content = Buffer.from('what would be a module');

describe('the module on disk', () => {
  let folder: string;
  let cache: string;
  let artefact: Artefact;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-artefact-'));
    cache = join(folder, 'cache');
    const packed = brotliCompressSync(content);
    const file = join(folder, 'rules.wasm.br');
    await writeFile(file, packed);
    const module = { sha256: hexOf(content), size: content.length };
    artefact = { version: '1.34', kubernetes: 'v1.34.4', file, sha256: hexOf(packed), module };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const kept = () => join(cache, `rules-${artefact.module.sha256}.wasm`);
  const text = async () => Buffer.from(await unpacked(artefact, cache)).toString();

  it('is unpacked once, for its user alone', async () => {
    expect(await text()).toBe(content.toString());
    expect((await stat(kept())).mode & 0o777).toBe(0o600);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    await rm(artefact.file);
    expect(await text()).toBe(content.toString());
  });

  it('is unpacked again in place of one that was altered', async () => {
    await text();
    await writeFile(kept(), content.toString().replace('module', 'nodule'));
    expect(await text()).toBe(content.toString());
    expect(await readFile(kept(), 'utf8')).toBe(content.toString());
  });

  it('is unpacked again in place of one that others may write', async () => {
    await text();
    await chmod(kept(), 0o666);
    await text();
    expect((await stat(kept())).mode & 0o777).toBe(0o600);
  });

  it('is whole when many unpack it at once, and nothing else stays', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, text));
    expect(new Set(all)).toEqual(new Set([content.toString()]));
    expect(await readdir(cache)).toEqual([`rules-${artefact.module.sha256}.wasm`]);
  });

  it('removes modules of other versions and abandoned parts, and nothing else', async () => {
    await mkdir(cache);
    const other = `rules-${'0'.repeat(64)}.wasm`;
    const [old, young] = [randomUUID(), randomUUID()].map((id) => `${other}.${id}.tmp`);
    for (const name of [other, old, young, 'notes.txt'])
      await writeFile(join(cache, name ?? ''), '');
    await utimes(join(cache, old ?? ''), 0, 0);
    await text();
    const left = [`rules-${artefact.module.sha256}.wasm`, young, 'notes.txt'];
    expect((await readdir(cache)).sort()).toEqual(left.sort());
  });

  it('does without a folder that cannot be made', async () => {
    await writeFile(cache, 'a file');
    expect(await text()).toBe(content.toString());
  });

  it('is a fault when it is damaged', async () => {
    await writeFile(artefact.file, 'damaged');
    await expect(text()).rejects.toMatchObject({ code: 'data-missing' });
  });

  it('is a fault when its note is of another one', async () => {
    const wrong = { ...artefact, module: { ...artefact.module, sha256: hexOf(Buffer.from('x')) } };
    await expect(unpacked(wrong, cache)).rejects.toMatchObject({ code: 'data-missing' });
  });

  it('is absent when the note or the file is', async () => {
    const note = join(folder, 'rules.json');
    expect(await findArtefact(note, artefact.file)).toBeUndefined();
    await writeFile(note, JSON.stringify(artefact));
    expect(await findArtefact(note, artefact.file)).toMatchObject({ version: '1.34' });
    expect(await findArtefact(note, join(folder, 'none'))).toBeUndefined();
    await writeFile(note, '{}');
    await expect(findArtefact(note, artefact.file)).rejects.toMatchObject({ code: 'data-missing' });
  });
});
