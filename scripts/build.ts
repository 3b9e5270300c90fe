import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Plugin } from '@oclif/core';
import { build } from 'esbuild';
import { packageFile } from '../src/core/package-root.ts';
import { noticesOf } from './notices.ts';

/**
 * The published bundle: one entry a command, shared code in chunks, so that a command loads what it
 * uses and nothing else. oclif's own development helpers stay outside: they would add 3.5 MB.
 */
const developmentOnly = ['typescript', 'ts-node', 'tsx'];

/** CommonJS dependencies call require; a name of our own keeps clear of theirs. */
const requireBanner =
  "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);";

await rm(packageFile('dist'), { recursive: true, force: true });
const commands = await commandFiles('src/commands');
const result = await build({
  absWorkingDir: packageFile('.'),
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/validators/image/layer-worker.ts', out: 'workers/layer-worker' },
    ...commands.map((file) => ({ in: file, out: file.replace(/^src\/(.+)\.ts$/, '$1') })),
  ],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24.15',
  chunkNames: 'chunks/[name]-[hash]',
  external: developmentOnly,
  banner: { js: requireBanner },
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
});
await writeFile(
  packageFile('dist/THIRD-PARTY.txt'),
  await noticesOf(Object.keys(result.metafile.inputs)),
);
await writeManifest();

/** Files of the folder that hold a command: those with a default export. */
async function commandFiles(folder: string): Promise<string[]> {
  const entries = await readdir(packageFile(folder), { recursive: true });
  const sources = entries.filter((entry) => entry.endsWith('.ts') && !entry.endsWith('.test.ts'));
  const files = await Promise.all(
    sources.map(async (entry) => {
      const file = join(folder, entry);
      const text = await readFile(packageFile(file), 'utf8');
      return text.includes('export default class') ? [file] : [];
    }),
  );
  return files.flat().sort();
}

/** oclif.manifest.json spares oclif from loading every command to print help. */
async function writeManifest(): Promise<void> {
  const root = packageFile('.');
  await rm(join(root, 'oclif.manifest.json'), { force: true });
  const plugin = new Plugin({
    root,
    type: 'core',
    errorOnManifestCreate: true,
    ignoreManifest: true,
  });
  await plugin.load();
  await writeFile(join(root, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
}
