import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { findDockerfiles, loadDockerfile, readStdin } from './load.ts';

const { signal } = new AbortController();

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'deploycheck-dockerfile-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

it('finds what goes by the names of Dockerfiles, and any file that is named', async () => {
  const text = 'FROM a:1\n';
  const root = await folder({
    Dockerfile: text,
    'a/Dockerfile.dev': text,
    'a/Dockerfile.dev.dockerignore': '*',
    'a/web.Dockerfile': text,
    'a/b/Containerfile': text,
    'a/b/Containerfile.arm': text,
    'a/b/dockerfile.ts': text,
    'node_modules/x/Dockerfile': text,
    'other.txt': text,
  });
  const find = async (...paths: string[]) =>
    (await findDockerfiles(paths, { root, signal })).map(({ path }) => path);
  expect(await find('.')).toEqual([
    'Dockerfile',
    'a/Dockerfile.dev',
    'a/b/Containerfile',
    'a/b/Containerfile.arm',
    'a/web.Dockerfile',
  ]);
  expect(await find('other.txt')).toEqual(['other.txt']);
  await expect(find('gone')).rejects.toMatchObject({ code: 'input-missing' });
  await rm(join(root, 'a'), { recursive: true });
  await rm(join(root, 'Dockerfile'));
  await expect(find('.')).rejects.toMatchObject({ code: 'input-empty' });
});

it('knows a file by its digest, and takes the ignore file that counts', async () => {
  const root = await folder({
    Dockerfile: 'FROM a:1\n',
    '.dockerignore': 'x\n',
    'Own.Dockerfile': 'FROM a:1\n',
    'Own.Dockerfile.dockerignore': 'y\n',
    'sub/Dockerfile': 'FROM a:1\n',
  });
  const load = (path: string, context?: string) => loadDockerfile(path, { root, context });
  const loaded = await load('Dockerfile');
  expect(loaded.digest).toBe(sha256('FROM a:1\n'));
  expect([loaded.ignore?.file, loaded.ignore?.ignores('x/y')]).toEqual(['.dockerignore', true]);
  expect((await load('Own.Dockerfile')).ignore?.file).toBe('Own.Dockerfile.dockerignore');
  expect((await load('sub/Dockerfile')).ignore).toBeUndefined();
  expect((await load('sub/Dockerfile', '.')).ignore?.file).toBe('.dockerignore');
});

it('refuses what is empty, too large, too long or no file', async () => {
  const root = await folder({
    empty: '\n# nothing\n',
    large: `FROM a:1\n#${' '.repeat(1024 * 1024)}\n`,
    long: 'RUN a\n'.repeat(5001),
    'folder/x': '',
  });
  const load = (path: string) => loadDockerfile(path, { root });
  await expect(load('empty')).rejects.toMatchObject({ code: 'input-empty' });
  await expect(load('large')).rejects.toMatchObject({ code: 'input-too-large' });
  await expect(load('long')).rejects.toMatchObject({ code: 'input-too-large' });
  await expect(load('folder')).rejects.toMatchObject({ code: 'input-missing' });
  await expect(load('gone')).rejects.toMatchObject({ code: 'input-missing' });
});

it('reads standard input, as far as its bound', async () => {
  async function* of(text: string, times = 1) {
    for (let at = 0; at < times; at++) yield Buffer.from(text);
  }
  expect((await readStdin(of('FROM a:1\n'))).file).toBe('stdin');
  await expect(readStdin(of('# a comment\n', 100_000))).rejects.toMatchObject({
    code: 'input-too-large',
  });
  await expect(readStdin(of(''))).rejects.toMatchObject({ code: 'input-empty' });
});
