import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { loadFiles } from '../../src/validators/secret/load.ts';
import { hasTool } from '../systems/tools.ts';

const { signal } = new AbortController();

async function answerOf(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa(program, args);
  return stdout.trim();
}

/** All but what was installed into it afterwards. */
async function ownPaths(root: string): Promise<readonly string[]> {
  return (await readdir(root)).filter((name) => !/^(?:site|dist)-packages$/.test(name));
}

/** What a person has installed and did not write: nothing in it is a secret of theirs. */
const libraries = {
  Go: async () => join(await answerOf('go', 'env', 'GOROOT'), 'src'),
  Python: () => answerOf('python3', '-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'),
  Node: async () => dirname(dirname(process.execPath)),
} as const;

const tools = { Go: 'go', Python: 'python3', Node: 'node' } as const;

describe.each(['Go', 'Python', 'Node'] as const)('the standard library of %s', (name) => {
  it.skipIf(!hasTool(tools[name]))('holds no secret', { timeout: 240_000 }, async () => {
    const root = await libraries[name]();
    const paths = existsSync(join(root, 'bin')) ? ['bin', 'include'] : await ownPaths(root);
    const there = paths.filter((path) => existsSync(join(root, path)));
    const set = await loadFiles({ paths: there, root, signal });
    expect(set.files.length).toBeGreaterThan(0);
    const found = set.files.flatMap(({ path, secrets }) =>
      secrets.hits.map(({ shape, line }) => `${path}:${line} ${shape}`),
    );
    expect(found).toEqual([]);
  });
});
