import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Plugin } from '@oclif/core';
import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import { packageFile } from '../src/core/package-root.ts';
import { noticesOf } from './notices.ts';

/**
 * The published bundle: one entry a command, shared code in chunks, so that a command loads what it
 * uses and nothing else. oclif's own development helpers stay outside: they would add 3.5 MB.
 */
const developmentOnly = ['typescript', 'ts-node', 'tsx'];

/** CommonJS dependencies call require. */
const requireBanner =
  "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

/** Builtins that are functions or constructors themselves, for which a proxy cannot stand. */
const callable = new Set(['node:assert', 'node:events', 'node:module', 'node:stream', 'node:test']);

/**
 * Builtins are loaded when something of them is used. An ESM import makes Node read every export,
 * which loads streams, sockets and TLS for a command that needs none; a dependency's `require` loads
 * child_process for a function that is never called. Together 20 ms of CPU at every start.
 */
const lazyBuiltins: EsbuildPlugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) => {
      if (kind === 'import-statement') return { path, namespace: 'builtin' };
      return callable.has(path) ? undefined : { path, namespace: 'required-builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `const load = () => process.getBuiltinModule(${JSON.stringify(path)});
        module.exports = new Proxy({}, {
          get: (_, name) => load()[name],
          has: (_, name) => name in load(),
          ownKeys: () => Reflect.ownKeys(load()),
          getOwnPropertyDescriptor: (_, name) => ({ value: load()[name], enumerable: true, configurable: true }),
        });`,
    }));
  },
};

/**
 * What oclif loads at every start and a command that runs well never needs: the file search (the
 * manifest lists the commands), the search for its configuration (package.json has it) and the printing
 * of errors come when they are called, its own debug
 * output and its colours are off (ours are not its), and Windows' Linux subsystem counts as Linux.
 * Together a third of its start.
 */
const lighter: Readonly<Record<string, string>> = {
  tinyglobby: "exports.glob = async (...args) => (await import('tinyglobby')).glob(...args);",
  './handle': "exports.handle = (...args) => require('@oclif/core/handle').handle(...args);",
  debug:
    'module.exports = () => Object.assign(() => {}, { enabled: false, extend: module.exports });',
  lilconfig: "exports.lilconfig = (...args) => require('lilconfig').lilconfig(...args);",
  'supports-color': 'exports.stdout = false; exports.stderr = false;',
  'wsl-utils': 'export const isWsl = false;',
};

const lighterOclif: EsbuildPlugin = {
  name: 'lighter-oclif',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: /^(tinyglobby|debug|lilconfig|supports-color|wsl-utils|\.\/handle)$/ },
      ({ importer, path }) =>
        importer.includes('@oclif/core') ? { path, namespace: 'lighter' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'lighter' }, ({ path }) => ({
      contents: lighter[path] ?? '',
      resolveDir: packageFile('.'),
    }));
    // Comparing command ids by locale makes V8 load its collation data: 10 ms to sort ASCII.
    onLoad({ filter: /@oclif\/core\/lib\/config\/plugin\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const sorted = text.replace('a.id.localeCompare(b.id)', '(a.id < b.id ? -1 : 1)');
      if (sorted === text) throw new Error('oclif sorts its commands in another way now');
      return { contents: sorted };
    });
  },
};

/**
 * Of dockerode only the modem is used, over sockets and TLS. Its ssh transport brings native modules,
 * its builder gRPC and tar, and its debug output would print credentials of registries.
 */
const unusedByDocker: Readonly<Record<string, string>> = {
  ssh2: 'exports.Client = class {};',
  debug: 'module.exports = () => () => {};',
  'readable-stream': "module.exports = require('node:stream');",
  '@grpc/grpc-js': 'module.exports = {};',
  '@grpc/proto-loader': 'module.exports = {};',
  protobufjs: 'module.exports = {};',
  'tar-fs': 'module.exports = {};',
  '@balena/dockerignore': 'module.exports = {};',
};

const lighterDocker: EsbuildPlugin = {
  name: 'lighter-docker',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[@a-z]/ }, ({ importer, path }) =>
      /node_modules\/(dockerode|docker-modem)\//.test(importer) &&
      Object.hasOwn(unusedByDocker, path)
        ? { path, namespace: 'unused-by-docker' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused-by-docker' }, ({ path }) => ({
      contents: unusedByDocker[path] ?? '',
    }));
  },
};

/**
 * The client of Kubernetes does not say that its modules only define things, so a bundle would keep
 * the classes of every API. Only its reading of kubeconfig files is used.
 */
const kubernetesClient: EsbuildPlugin = {
  name: 'kubernetes-client',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === 'resolved') return undefined;
      if (!/@kubernetes\/client-node/.test(`${importer} ${path}`)) return undefined;
      if (/^node:/.test(path)) return undefined;
      const options = { importer, resolveDir, kind, pluginData: 'resolved' };
      return { ...(await resolve(path, options)), sideEffects: false };
    });
  },
};

await rm(packageFile('dist'), { recursive: true, force: true });
const commands = await commandFiles('src/commands');
const result = await build({
  absWorkingDir: packageFile('.'),
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/validators/image/layer-worker.ts', out: 'workers/layer-worker' },
    { in: 'src/validators/secret/file-scan-worker.ts', out: 'workers/file-scan-worker' },
    { in: 'src/validators/manifest/server-rules/rules-worker.ts', out: 'workers/rules-worker' },
    { in: 'src/backup/repository/file-worker.ts', out: 'workers/file-worker' },
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
  plugins: [lazyBuiltins, lighterOclif, lighterDocker, kubernetesClient],
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
await stripUnused();
await writeManifest();
await writeHelp();

/** Making a `require` costs at every start, and most chunks hold no CommonJS. */
async function stripUnused(): Promise<void> {
  for (const file of Object.keys(result.metafile.outputs)) {
    const text = await readFile(packageFile(file), 'utf8');
    const rest = text.replace(requireBanner, '');
    if (!/\brequire\b/.test(rest)) await writeFile(packageFile(file), rest.trimStart());
  }
}

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

/** What oclif prints for the whole program, without colours and 80 columns wide. */
async function writeHelp(): Promise<void> {
  const help = execFileSync(process.execPath, [packageFile('bin/run.js'), '--help', '--no-color'], {
    env: { ...process.env, NO_COLOR: '1', OCLIF_COLUMNS: '80' },
  });
  await writeFile(packageFile('dist/help.txt'), help);
}
