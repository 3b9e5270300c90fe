import { open } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { type WalkedFile, walkFiles } from '../core/walk.ts';

/** What `init` recognises in a repository; every list is sorted, paths are relative to its root. */
export interface Detected {
  readonly dockerfiles: readonly string[];
  readonly charts: readonly string[];
  readonly kustomizations: readonly string[];
  /** Folders that hold plain manifests. */
  readonly manifests: readonly string[];
  readonly migrations: readonly { readonly dir: string; readonly tool: string }[];
  readonly composeFiles: readonly string[];
  readonly contracts: readonly string[];
  readonly ciFiles: readonly string[];
  /** First image a manifest names. */
  readonly image: string | undefined;
}

const ignoredFolders = [
  '.git',
  'node_modules',
  'vendor',
  'dist',
  'build',
  'target',
  '.venv',
  '.deploycheck',
];

/** Looks at names, and at the first 64 KiB of YAML and JSON files. */
export async function detect(root: string, signal: AbortSignal): Promise<Detected> {
  const files = await walkFiles(['.'], { root, signal, ignoreFolders: ignoredFolders });
  const heads = new Map<string, string>();
  for (const file of files) {
    if (/\.(ya?ml|json)$/.test(file.path)) heads.set(file.path, await readHead(file));
  }
  const named = (pattern: RegExp): string[] =>
    files.map((file) => file.path).filter((path) => pattern.test(basename(path)));
  const folders = (paths: readonly string[]): string[] =>
    [...new Set(paths.map((path) => posix.dirname(path)))].sort();

  const charts = folders(named(/^Chart\.yaml$/));
  const kustomizations = folders(named(/^kustomization\.ya?ml$/));
  const inChart = (path: string): boolean =>
    charts.some((chart) => chart === '.' || path.startsWith(`${chart}/`));
  const manifestFiles = [...heads]
    .filter(([path, head]) => isManifest(head) && !inChart(path))
    .map(([path]) => path);

  return {
    dockerfiles: named(/^(Dockerfile|Containerfile)(\..+)?$/),
    charts,
    kustomizations,
    manifests: folders(manifestFiles).filter((folder) => !kustomizations.includes(folder)),
    migrations: detectMigrations(files.map((file) => file.path)),
    composeFiles: named(/^(docker-)?compose(\..+)?\.ya?ml$/),
    contracts: [...heads].filter(([, head]) => isContract(head)).map(([path]) => path),
    ciFiles: files.map((file) => file.path).filter((path) => ciFile.test(path)),
    image: firstImage(manifestFiles.map((path) => heads.get(path) ?? '')),
  };
}

const ciFile =
  /^(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml|\.circleci\/config\.yml|\.ci\/run)$/;

function isManifest(head: string): boolean {
  return (
    /^\s*["']?apiVersion["']?\s*:/m.test(head) &&
    /^\s*["']?kind["']?\s*:/m.test(head) &&
    !/^\s*["']?kind["']?\s*:\s*["']?Kustomization/m.test(head)
  );
}

function isContract(head: string): boolean {
  return /^\s*["']?(openapi|swagger)["']?\s*:\s*["']?[23]\./m.test(head);
}

function firstImage(heads: readonly string[]): string | undefined {
  for (const head of heads) {
    const match = /^\s*(?:- )?image:\s*["']?([\w./:@-]+)/m.exec(head);
    if (match?.[1]) return match[1];
  }
  return undefined;
}

interface MigrationLayout {
  readonly tool: string;
  readonly file: RegExp;
  /** How many folders above the file the migration folder is. */
  readonly up: number;
}

/** File layouts as each tool documents them. */
const layouts: readonly MigrationLayout[] = [
  { tool: 'golang-migrate', file: /(^|\/)\d+_[^/]+\.up\.sql$/, up: 1 },
  { tool: 'flyway', file: /(^|\/)[VU]\d[\w.]*__[^/]+\.sql$/, up: 1 },
  { tool: 'prisma', file: /(^|\/)\d+_[^/]+\/migration\.sql$/, up: 2 },
  { tool: 'alembic', file: /(^|\/)alembic\/versions\/[^/]+\.py$/, up: 1 },
  { tool: 'dbmate', file: /(^|\/)db\/migrations\/\d{14}_[^/]+\.sql$/, up: 1 },
];

function detectMigrations(paths: readonly string[]): { dir: string; tool: string }[] {
  const found = new Map<string, string>();
  for (const path of paths) {
    const layout = layouts.find(({ file }) => file.test(path));
    if (!layout) continue;
    let dir = path;
    for (let level = 0; level < layout.up; level++) dir = posix.dirname(dir);
    if (!found.has(dir)) found.set(dir, layout.tool);
  }
  return [...found].map(([dir, tool]) => ({ dir, tool })).sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

const headBytes = 64 * 1024;

async function readHead(file: WalkedFile): Promise<string> {
  const handle = await open(file.absolute);
  try {
    const buffer = Buffer.alloc(Math.min(headBytes, file.size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
