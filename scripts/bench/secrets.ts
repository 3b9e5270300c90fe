import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageFile } from '../../src/core/package-root.ts';
import { binaryFolder } from '../testbed/binaries.ts';
import { measure } from './process.ts';
import { compare, type Row, timed } from './row.ts';

const rounds = 3;
const mebibyte = 1024 * 1024;
const wanted = 50 * mebibyte;

/** The search for secrets beside gitleaks, on the same source tree: packages of Go's standard library. */
export async function ofSecrets(home: string): Promise<Row[]> {
  const { folder, files, bytes } = await sourceTree(home);
  const gitleaks = join(
    await binaryFolder('gitleaks', (line) => process.stderr.write(`${line}\n`)),
    'gitleaks',
  );
  const run = packageFile('bin/run.js');
  const args = ['validate', 'secrets', '.', '--quiet', '--format', 'json'];
  // It says by its exit code that it found something, which is no failure here.
  const theirs = () =>
    timed(() =>
      execa(gitleaks, ['dir', '.', '--no-banner', '--log-level', 'error'], {
        cwd: folder,
        reject: false,
        stdout: 'ignore',
      }),
    );
  return [
    await compare({
      what: '`deploycheck validate secrets`',
      against: '`gitleaks dir`',
      goal: 1 / 8,
      on: `${files} files, ${Math.round(bytes / mebibyte)} MiB of Go sources`,
      rounds,
      ours: async () => measure([run, ...args], folder, home).wall,
      theirs,
    }),
  ];
}

interface Tree {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** Packages in the order of their names, until there is enough. */
async function sourceTree(home: string): Promise<Tree> {
  const { stdout } = await execa('go', ['env', 'GOROOT']);
  const from = join(stdout.trim(), 'src');
  const folder = join(home, 'sources');
  await mkdir(folder);
  let files = 0;
  let bytes = 0;
  for (const name of (await readdir(from)).sort()) {
    const info = await stat(join(from, name));
    if (!info.isDirectory()) continue;
    await cp(join(from, name), join(folder, name), {
      recursive: true,
      filter: async (path) => {
        if (bytes > wanted) return false;
        const found = await stat(path);
        if (!found.isFile()) return true;
        files++;
        bytes += found.size;
        return true;
      },
    });
  }
  return { folder, files, bytes };
}
