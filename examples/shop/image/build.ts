import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { appPlan } from './app.ts';
import { imageConfig } from './config.ts';
import { type Layer, type LayerPlan, writeLayer } from './layer.ts';
import { blobsFolder, finishLayout, startLayout } from './layout.ts';
import { type ReleaseName, recipes, releaseNames } from './recipe.ts';
import { runtimeLayer } from './runtime.ts';
import { systemPlan } from './system.ts';

export interface BuildOptions {
  /** Images go to `<outDir>/<release>/image`. */
  readonly outDir?: string;
  /** The commit the image says it comes from; by default the one that is checked out. */
  readonly revision?: string;
}

export interface BuiltImage {
  readonly release: ReleaseName;
  /** The OCI layout folder. */
  readonly folder: string;
  readonly digest: string;
  /** Bytes of all compressed layers. */
  readonly size: number;
}

const defaultOutDir = join(import.meta.dirname, '../build');

/** Writes the image of a release as an OCI layout folder, without Docker and without network. */
export async function buildRelease(
  release: ReleaseName,
  options: BuildOptions = {},
): Promise<BuiltImage> {
  const outDir = resolve(options.outDir ?? defaultOutDir);
  const folder = join(outDir, release, 'image');
  const recipe = recipes[release];
  await startLayout(folder);
  const write = (plan: LayerPlan) => writeLayer(blobsFolder(folder), plan);
  const app = await appPlan(release, recipe.version);
  const layers: readonly Layer[] = await Promise.all([
    runtimeLayer(join(outDir, 'runtime')),
    write(systemPlan(recipe.appUid)),
    ...recipe.belowApp.map(write),
    write(app),
    ...recipe.aboveApp.map(write),
  ]);
  const config = imageConfig(recipe, options.revision ?? (await headRevision()), layers);
  const name = { repository: 'registry.example.com/shop', version: recipe.version };
  const digest = await finishLayout(folder, config, layers, name);
  return { release, folder, digest, size: layers.reduce((sum, { size }) => sum + size, 0) };
}

async function headRevision(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--verify', 'HEAD'], {
      cwd: import.meta.dirname,
    });
    return stdout.trim();
  } catch {
    // An unpacked archive has no history.
    return 'unknown';
  }
}

const isReleaseName = (name: string): name is ReleaseName =>
  releaseNames.some((known) => known === name);

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { revision: { type: 'string' }, out: { type: 'string' } },
  });
  const names = positionals.length === 0 ? releaseNames : positionals.filter(isReleaseName);
  if (positionals.length > 0 && names.length < positionals.length) {
    process.stderr.write('usage: build.ts [--revision COMMIT] [--out FOLDER] [v1] [v2] [v3]\n');
    process.exitCode = 2;
    return;
  }
  const options = {
    ...(values.revision !== undefined && { revision: values.revision }),
    ...(values.out !== undefined && { outDir: values.out }),
  };
  for (const image of await Promise.all(names.map((name) => buildRelease(name, options)))) {
    const megabytes = (image.size / 1e6).toFixed(1);
    process.stdout.write(`${image.release} ${image.digest} ${megabytes} MB ${image.folder}\n`);
  }
}

if (import.meta.main) await main();
