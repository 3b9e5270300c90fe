import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { z } from 'zod';
import { sha256Hex } from '../src/core/digest.ts';
import { downloadReleases, type Release } from './kubernetes/modules.ts';
import { type MinorApi, poolText, readApi } from './kubernetes/pool.ts';

/**
 * Writes the schemas of the Kubernetes API, as data/kubernetes/pool.jsonl.br, and what is served,
 * deprecated and gone in which version, from the Go modules k8s.io/kubernetes and k8s.io/api
 * (Apache-2.0). Needs `go`, at generation only: 250 MB are downloaded, 1.7 GB unpacked, once.
 *
 *   node scripts/kubernetes-schemas.ts            writes the files
 *   node scripts/kubernetes-schemas.ts --check    exits 1 when they are stale
 *
 * The check downloads nothing while the generator is the one that wrote what is there, for it names its
 * modules by version.
 */
const poolFile = join(import.meta.dirname, '../data/kubernetes/pool.jsonl.br');
const inputsFile = join(import.meta.dirname, '../data/kubernetes/pool.inputs.json');

/** Of the sources that decide what is written. */
async function generatorHash(): Promise<string> {
  const folder = join(import.meta.dirname, 'kubernetes');
  const names = (await readdir(folder)).sort().map((name) => join(folder, name));
  const texts = [import.meta.filename, ...names].map((path) => readFile(path, 'utf8'));
  return sha256Hex((await Promise.all(texts)).join('\0'));
}

function inputsText(generator: string, releases: readonly Release[], pool: string): string {
  const modules = releases.flatMap(({ server, types }) => [server, types]);
  const inputs = {
    generator,
    modules: modules.map(({ path, version, sum }) => ({ path, version, sum })),
    output: { sha256: sha256Hex(pool) },
  };
  return `${JSON.stringify(inputs, null, 2)}\n`;
}

const recordedSchema = z.object({
  generator: z.string(),
  output: z.object({ sha256: z.string() }),
});

/** Whether this very generator wrote the pool that is there. */
async function isOwnWork(generator: string): Promise<boolean> {
  try {
    const recorded = recordedSchema.parse(JSON.parse(await readFile(inputsFile, 'utf8')));
    const stored = brotliDecompressSync(await readFile(poolFile)).toString('utf8');
    return recorded.generator === generator && recorded.output.sha256 === sha256Hex(stored);
  } catch {
    return false;
  }
}

/** The compressed bytes may differ between zlib releases, the text must not. */
async function isCurrent(pool: string, inputs: string): Promise<boolean> {
  try {
    const stored = brotliDecompressSync(await readFile(poolFile)).toString('utf8');
    return stored === pool && (await readFile(inputsFile, 'utf8')) === inputs;
  } catch {
    return false;
  }
}

const say = (current: boolean): void => {
  const text = current ? 'current' : 'stale; run scripts/kubernetes-schemas.ts';
  process.stdout.write(`data/kubernetes: ${text}\n`);
};

const generator = await generatorHash();
const isCheck = process.argv.includes('--check');
if (isCheck && (await isOwnWork(generator))) {
  say(true);
  process.exit();
}
const releases = await downloadReleases();
const apis: MinorApi[] = [];
for (const release of releases) apis.push(await readApi(release));
const pool = poolText(apis);
const inputs = inputsText(generator, releases, pool);

if (isCheck) {
  const current = await isCurrent(pool, inputs);
  say(current);
  process.exitCode = current ? 0 : 1;
} else {
  const options = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(pool),
    },
  };
  const compressed = brotliCompressSync(pool, options);
  await writeFile(poolFile, compressed);
  await writeFile(inputsFile, inputs);
  process.stdout.write(
    `data/kubernetes: ${pool.length} characters, ${compressed.length} bytes compressed\n`,
  );
}
