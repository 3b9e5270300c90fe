import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { packageFile } from '../../../src/core/package-root.ts';

/** A pod of the evaluator's own test data, which has them for every level and version it knows. */
export interface Fixture {
  readonly file: string;
  readonly level: string;
  readonly version: string;
  readonly expected: 'pass' | 'fail';
  readonly text: string;
  readonly pod: Readonly<Record<string, unknown>>;
}

const upstream = 'k8s.io/pod-security-admission';

/** Folder of a release of the module, by default of the one that `kube-rules` is built with. */
async function upstreamFolder(release?: string): Promise<string> {
  const cwd = packageFile('kube-rules');
  const module = release === undefined ? upstream : `${upstream}@${release}`;
  const { stdout } = await execa('go', ['mod', 'download', '-json', module], { cwd });
  const { Dir } = JSON.parse(stdout);
  return Dir;
}

/** All of a level, in the order of their names. */
export async function fixturesOf(level: string, release?: string): Promise<readonly Fixture[]> {
  const folder = join(await upstreamFolder(release), 'test/testdata', level);
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    file.endsWith('.yaml'),
  );
  return Promise.all(
    files.sort().map(async (file): Promise<Fixture> => {
      const [version = '', expected] = file.split('/');
      if (expected !== 'pass' && expected !== 'fail') throw new Error(`${file} is neither`);
      const text = await readFile(join(folder, file), 'utf8');
      return { file, level, version, expected, text, pod: parse(text) };
    }),
  );
}
