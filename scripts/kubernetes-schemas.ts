import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { execa } from 'execa';
import { z } from 'zod';
import { sha256Hex } from '../src/core/digest.ts';

/**
 * Writes the schemas of the Kubernetes API, as data/kubernetes/pool.json.br, from the OpenAPI v3
 * documents inside the Go module k8s.io/kubernetes (Apache-2.0). Needs `go`, at generation only.
 *
 *   node scripts/kubernetes-schemas.ts            writes the files
 *   node scripts/kubernetes-schemas.ts --check    exits 1 when they are stale
 */
const moduleVersions = ['v1.34.4'];

const poolFile = join(import.meta.dirname, '../data/kubernetes/pool.json.br');
const inputsFile = join(import.meta.dirname, '../data/kubernetes/pool.inputs.json');

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What the schema walker reads; descriptions and patch strategies are nine tenths of the bytes. */
const keptKeywords = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'default',
  'format',
  'items',
  'oneOf',
  'properties',
  'required',
  'type',
  'x-kubernetes-group-version-kind',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-preserve-unknown-fields',
]);

const downloadSchema = z.object({ Version: z.string(), Dir: z.string(), Sum: z.string() });

const operationSchema = z.object({
  'x-kubernetes-action': z.literal('post'),
  'x-kubernetes-group-version-kind': z.object({
    group: z.string(),
    version: z.string(),
    kind: z.string(),
  }),
  requestBody: z.object({
    content: z.object({ '*/*': z.object({ schema: z.object({ $ref: z.string() }) }) }),
  }),
});

const documentSchema = z.object({
  components: z.object({ schemas: z.record(z.string(), z.json()).optional() }).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

type OpenApi = z.infer<typeof documentSchema>;

interface Kind {
  readonly schema: string;
  readonly namespaced: boolean;
}

interface VersionEntry {
  readonly module: string;
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly names: Readonly<Record<string, string>>;
}

interface Module {
  readonly version: string;
  readonly directory: string;
  /** `h1:` hash of the module's zip, as go.sum records it. */
  readonly sum: string;
}

async function download(version: string): Promise<Module> {
  const { stdout } = await execa('go', [
    'mod',
    'download',
    '-json',
    `k8s.io/kubernetes@${version}`,
  ]);
  const { Version, Dir, Sum } = downloadSchema.parse(JSON.parse(stdout));
  return { version: Version, directory: Dir, sum: Sum };
}

async function readDocuments(module: Module): Promise<OpenApi[]> {
  const folder = join(module.directory, 'api/openapi-spec/v3');
  const names = (await readdir(folder)).filter((name) => name.endsWith('_openapi.json')).sort();
  return Promise.all(
    names.map(async (name) =>
      documentSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8'))),
    ),
  );
}

/** A schema without what is not kept, its keys sorted so that equal schemas are equal text. */
function slim(schema: Json): Json {
  return mapObject(schema, (keyword, value) => {
    if (!keptKeywords.has(keyword)) return undefined;
    if (keyword === 'properties') return mapObject(value, (_, property) => slim(property));
    if (keyword === 'allOf' || keyword === 'oneOf')
      return Array.isArray(value) ? value.map(slim) : value;
    if (keyword === 'items' || keyword === 'additionalProperties') return slim(value);
    return value;
  });
}

function mapObject(value: Json, change: (key: string, entry: Json) => Json | undefined): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const changed = change(key, entry);
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return sortedObject(entries);
}

function sortedObject<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The kinds one can write a manifest of: what a POST to a collection takes. Subresources (a pod's
 * eviction), lists and the shared DeleteOptions, Status and WatchEvent have no such operation.
 */
function kindsOf(document: OpenApi): [string, Kind][] {
  return Object.entries(document.paths ?? {}).flatMap(([path, operations]) => {
    const operation = operationSchema.safeParse(operations.post);
    if (!operation.success || path.includes('{name}')) return [];
    const { group, version, kind } = operation.data['x-kubernetes-group-version-kind'];
    const reference = operation.data.requestBody.content['*/*'].schema.$ref;
    return [
      [
        `${group === '' ? version : `${group}/${version}`}/${kind}`,
        {
          schema: reference.replace('#/components/schemas/', ''),
          namespaced: path.includes('/namespaces/{namespace}/'),
        },
      ],
    ];
  });
}

async function buildPool(modules: readonly Module[]): Promise<string> {
  const pooled = new Map<string, Json>();
  const versions: [string, VersionEntry][] = [];
  for (const module of modules) {
    const documents = await readDocuments(module);
    const names = new Map<string, string>();
    for (const document of documents) {
      for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
        const kept = slim(schema);
        const hash = sha256Hex(JSON.stringify(kept)).slice(0, 16);
        const known = names.get(name) ?? hash;
        if (known !== hash) throw new Error(`${module.version} has two schemas named ${name}`);
        names.set(name, hash);
        pooled.set(hash, kept);
      }
    }
    versions.push([
      module.version.split('.').slice(0, 2).join('.').replace('v', ''),
      {
        module: module.version,
        kinds: sortedObject(documents.flatMap(kindsOf)),
        names: sortedObject(names),
      },
    ]);
  }
  const pool = { schemas: sortedObject(pooled), versions: sortedObject(versions) };
  return `${JSON.stringify(pool)}\n`;
}

function inputsText(modules: readonly Module[], pool: string): string {
  const inputs = {
    modules: modules.map(({ version, sum }) => ({ path: 'k8s.io/kubernetes', version, sum })),
    output: { sha256: sha256Hex(pool) },
  };
  return `${JSON.stringify(inputs, null, 2)}\n`;
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

const modules = await Promise.all(moduleVersions.map(download));
const pool = await buildPool(modules);
const inputs = inputsText(modules, pool);

if (process.argv.includes('--check')) {
  const current = await isCurrent(pool, inputs);
  process.stdout.write(
    `data/kubernetes: ${current ? 'current' : 'stale; run scripts/kubernetes-schemas.ts'}\n`,
  );
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
