import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { inventoryOf } from '../../src/validators/image/packages/inventory.ts';
import type { RecipeFile } from '../../src/validators/image/recipe.ts';
import { load, writeLayout } from '../../src/validators/image/testing.ts';
import { hasTool } from '../systems/tools.ts';

/** Packages of an image, compared with what the tools that installed them say. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-inventory-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const execute = promisify(execFile);
const run = async (program: string, args: readonly string[], cwd = folder): Promise<string> =>
  (await execute(program, args, { cwd, maxBuffer: 64 * 1024 * 1024 })).stdout;

async function packagesOf(files: readonly RecipeFile[]): Promise<string[]> {
  await writeLayout(join(folder, 'image'), { layers: [files], codec: 'zstd' });
  const { packages, unread } = inventoryOf(await load('image', { root: folder }));
  expect(unread).toEqual([]);
  return packages.map(({ name, version }) => `${name} ${version}`);
}

it.skipIf(!hasTool('dpkg-query'))('of a Debian system are those of dpkg', async () => {
  const path = 'var/lib/dpkg/status';
  const found = await packagesOf([{ path, content: await readFile(`/${path}`) }]);
  const fields = ['db:Status-Status', 'Package', 'Version'].map((name) => `\${${name}}`);
  const format = `--showformat=${fields.join(' ')}\\n`;
  const installed = (await run('dpkg-query', ['--show', format]))
    .split('\n')
    .filter((line) => line.startsWith('installed '))
    .map((line) => line.slice('installed '.length));
  expect(installed.length).toBeGreaterThan(50);
  expect(found.toSorted()).toEqual([...new Set(installed)].sort());
});

it.skipIf(!hasTool('python3'))('of Python are those that Python finds', async () => {
  const site = join(folder, 'site');
  const packages = { 'Flask_Login-0.6.3': 'Flask-Login', 'zope.interface-7.2': 'zope.interface' };
  for (const [name, shown] of Object.entries(packages)) {
    await mkdir(join(site, `${name}.dist-info`), { recursive: true });
    const version = name.split('-')[1];
    const text = `Metadata-Version: 2.4\nName: ${shown}\nVersion: ${version}\nSummary: x\n\n# ${shown}\n`;
    await writeFile(join(site, `${name}.dist-info/METADATA`), text);
  }
  const program = `import importlib.metadata as m
for d in m.distributions(path=[${JSON.stringify(site)}]): print(d.metadata['Name'], d.version)`;
  const known = (await run('python3', ['-c', program])).trim().split('\n');
  const files = await Promise.all(
    (await readdir(site)).map(async (name) => ({
      path: `usr/lib/python3/site-packages/${name}/METADATA`,
      content: await readFile(join(site, name, 'METADATA')),
    })),
  );
  expect((await packagesOf(files)).toSorted()).toEqual(known.toSorted());
});

it.skipIf(!hasTool('go'))('of a Go program are those that Go reads from it', async () => {
  const module = (name: string, more: string) => `module ${name}\n\ngo 1.21\n${more}`;
  const write = async (path: string, text: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const replaced = 'require example.com/dep v1.2.3\nreplace example.com/dep v1.2.3 => ./dep\n';
  await write('go.mod', module('example.com/shop', replaced));
  await write('main.go', 'package main\n\nimport "example.com/dep"\n\nfunc main() { dep.Run() }\n');
  await write('dep/go.mod', module('example.com/dep', ''));
  await write('dep/dep.go', 'package dep\n\nimport "fmt"\n\nfunc Run() { fmt.Println("run") }\n');
  await run('go', ['build', '-buildvcs=false', '-o', 'shop', '.']);
  const [head = ''] = (await run('go', ['version', '-m', 'shop'])).split('\n');
  const content = await readFile(join(folder, 'shop'));
  const files = [{ path: 'usr/bin/shop', mode: 0o755, content }];
  // What a folder stands in for has no version, so there is nothing to look up.
  expect(await packagesOf(files)).toEqual([`stdlib ${head.split(' go')[1]}`]);
});
