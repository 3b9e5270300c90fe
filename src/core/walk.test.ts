import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { walkFiles } from './walk.ts';

const { signal } = new AbortController();
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'deploycheck-walk-'));
  await mkdir(join(root, 'a/node_modules'), { recursive: true });
  await writeFile(join(root, 'a/one.yaml'), '1');
  await writeFile(join(root, 'a/two.txt'), '22');
  await writeFile(join(root, 'a/node_modules/x.yaml'), 'x');
});
afterEach(() => rm(root, { recursive: true }));

it('finds files below folders, sorted, each once', async () => {
  const files = await walkFiles(['.', 'a/one.yaml'], {
    root,
    signal,
    ignoreFolders: ['node_modules'],
  });
  expect(files.map(({ path, size }) => [path, size])).toEqual([
    ['a/one.yaml', 1],
    ['a/two.txt', 2],
  ]);
});

it('takes a file that is named directly although it is not of a wanted kind', async () => {
  const wanted = (path: string) => path.endsWith('.yaml');
  const files = await walkFiles(['a/two.txt'], { root, signal, wanted });
  expect(files.map((file) => file.path)).toEqual(['a/two.txt']);
});

it('does not follow links inside folders, loops included, and says so', async () => {
  await symlink('..', join(root, 'a/loop'));
  const skipped: string[] = [];
  await walkFiles(['a'], {
    root,
    signal,
    onSkipped: (path, why) => skipped.push(`${path}: ${why}`),
  });
  expect(skipped).toEqual(['a/loop: a link inside a folder']);
});

it('names a path that is not there', async () => {
  await expect(walkFiles(['gone'], { root, signal })).rejects.toMatchObject({
    code: 'input-missing',
    message: 'gone: no such file or folder',
  });
});
