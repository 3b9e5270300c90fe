import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path/posix';
import type { Position } from '../../config/yaml-source.ts';
import { sha256, sha256Hex, sumsText } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Location, ObjectRef } from '../../core/finding.ts';
import type { Target } from '../../core/target.ts';
import { type WalkedFile, walkFiles } from '../../core/walk.ts';
import { createReader, documentsOf, type Reader } from './documents.ts';
import { textOf } from './encoding.ts';
import type { LiveSource } from './live.ts';
import { contentOf, isKustomization, notBuilt } from './objects.ts';
import type { Path } from './read.ts';

/** One Kubernetes object; the items of a `List` are objects of their own. */
export interface ManifestObject {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Null when the manifest names none: whoever applies it chooses, or the kind has none. */
  readonly namespace: string | null;
  readonly name: string;
  /** True when the API server completes the name (`metadata.generateName`). */
  readonly generatedName: boolean;
  readonly value: Readonly<Record<string, unknown>>;
  readonly ref: ObjectRef;
  /** Where a part of the object stands; for a part that is not there, its nearest ancestor. */
  locate(path: Path, part?: 'key' | 'value'): Position;
}

/** Why a document is no object; the message ids of the rule manifest/yaml-syntax. */
export type ProblemId =
  | 'not-utf8'
  | 'control-character'
  | 'syntax'
  | 'duplicate-key'
  | 'alias'
  | 'not-an-object'
  | 'missing-identity';

export interface ManifestProblem {
  readonly id: ProblemId;
  readonly data: Readonly<Record<string, string>>;
  readonly location: Location;
}

export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** The manifests of one release. */
export interface ManifestSet extends Target {
  readonly kind: 'manifestSet';
  readonly files: readonly ManifestFile[];
  /** What `sha256sum --check` reads; its SHA-256 is the digest of the set. */
  readonly listing: string;
  /** Count of YAML and JSON documents that are not empty. */
  readonly documents: number;
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly ManifestProblem[];
  readonly skipped: readonly Skipped[];
  /** Kubernetes minor version it has to be valid for; the newest known when undefined. */
  readonly kubeVersion: string | undefined;
  /** False when something was broken or skipped: what is not found may then be there all the same. */
  readonly complete: boolean;
  /** What a cluster has of the configuration that the set refers to and does not hold. */
  readonly live?: readonly LiveSource[];
  /** Why a cluster that is configured could not be asked for it. */
  readonly liveProblem?: string;
}

export interface ManifestFile {
  readonly path: string;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface ManifestSource {
  /** As findings show it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface LoadOptions {
  /** Files and folders; `-` stands for `stdin`. */
  readonly paths: readonly string[];
  /** Paths are resolved against this folder and shown relative to it. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Kubernetes minor version such as `1.34`. */
  readonly kubeVersion?: string | undefined;
}

const mebibyte = 1024 * 1024;
const bounds = {
  fileBytes: 32 * mebibyte,
  totalBytes: 256 * mebibyte,
  documents: 100_000,
} as const;
const manifestName = /\.(?:ya?ml|json)$/i;
const stdinName = 'stdin';

/**
 * Reads manifests from files, folders and standard input. What is broken inside them becomes
 * `problems` of the set.
 * @throws Fault `input-missing`, `input-empty`, `input-too-large` or `usage-invalid`.
 */
export async function loadManifests(options: LoadOptions): Promise<ManifestSet> {
  const { paths, root, signal } = options;
  const read = createReader();
  const skipped: Skipped[] = [];
  const parsed: ParsedFile[] = [];
  const total = { bytes: 0, documents: 0 };
  const add = (source: ManifestSource): void => {
    const file = parseSource(source, read);
    total.bytes += file.size;
    total.documents += file.documents;
    bound(total.bytes, bounds.totalBytes, 'the manifests', 'bytes');
    bound(total.documents, bounds.documents, 'the manifests', 'documents');
    parsed.push(file);
  };

  if (paths.includes('-')) add(await readStdin(options));
  const found = await walkFiles(
    paths.filter((path) => path !== '-'),
    {
      root,
      signal,
      ignoreFolders: ['.git', 'node_modules'],
      wanted: (path) => manifestName.test(path),
      onSkipped: (path, why) => skipped.push({ path, why }),
    },
  );
  const { charts, files } = setChartsAside(found);
  skipped.push(...charts);
  for (const { path, absolute, size } of files) {
    signal.throwIfAborted();
    bound(size, bounds.fileBytes, path, 'bytes');
    add({ path, bytes: await readFile(absolute, { signal }) });
  }
  return { ...assemble(paths.join(' '), parsed, skipped), kubeVersion: options.kubeVersion };
}

/** The set of some texts, without a disk. */
export function manifestSetOf(sources: readonly ManifestSource[], name = 'manifests'): ManifestSet {
  const read = createReader();
  return assemble(
    name,
    sources.map((source) => parseSource(source, read)),
    [],
  );
}

interface ParsedFile extends ManifestFile {
  readonly documents: number;
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly ManifestProblem[];
  readonly skipped: readonly Skipped[];
}

function assemble(
  name: string,
  parsed: readonly ParsedFile[],
  leftOut: readonly Skipped[],
): ManifestSet {
  const objects = parsed.flatMap((file) => file.objects);
  const problems = parsed.flatMap((file) => file.problems);
  const skipped = [...leftOut, ...parsed.flatMap((file) => file.skipped)];
  if (objects.length === 0 && problems.length === 0) {
    const reasons = skipped.map(({ path, why }) => `; ${path}: ${why}`).join('');
    throw new Fault('input-empty', `${name}: no Kubernetes object found${reasons}`);
  }
  const listing = sumsText(parsed);
  return {
    kind: 'manifestSet',
    kubeVersion: undefined,
    name,
    source: name,
    digest: sha256(listing),
    listing,
    files: parsed.map(({ path, sha256: hex, size }) => ({ path, sha256: hex, size })),
    documents: parsed.reduce((sum, file) => sum + file.documents, 0),
    objects,
    problems,
    skipped,
    complete: problems.length === 0 && skipped.length === 0,
  };
}

function bound(value: number, limit: number, what: string, unit: string): void {
  if (value > limit) throw new Fault('input-too-large', `${what}: more than ${limit} ${unit}`);
}

async function readStdin({ stdin, signal }: LoadOptions): Promise<ManifestSource> {
  if (!stdin) throw new Fault('usage-invalid', '`-` was given without standard input');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    signal.throwIfAborted();
    size += chunk.byteLength;
    bound(size, bounds.fileBytes, stdinName, 'bytes');
    chunks.push(chunk);
  }
  return { path: stdinName, bytes: Buffer.concat(chunks) };
}

/** The files of a Helm chart are templates: only what `helm template` makes of them are manifests. */
function setChartsAside(files: readonly WalkedFile[]): {
  charts: Skipped[];
  files: WalkedFile[];
} {
  const folders = files
    .filter(({ path }) => basename(path) === 'Chart.yaml')
    .map(({ path }) => dirname(path));
  const inChart = (path: string): boolean =>
    folders.some((folder) => folder === '.' || path.startsWith(`${folder}/`));
  return {
    charts: folders.map((path) => ({ path, why: 'a Helm chart; render it and name the result' })),
    files: files.filter(({ path }) => !inChart(path)),
  };
}

function parseSource({ path, bytes }: ManifestSource, read: Reader): ParsedFile {
  const identity = { path, sha256: sha256Hex(bytes), size: bytes.byteLength };
  const empty = { ...identity, documents: 0, objects: [], problems: [], skipped: [] };
  if (isKustomization(path)) return { ...empty, skipped: [{ path, why: notBuilt }] };
  const text = textOf(path, bytes);
  if (typeof text !== 'string') return { ...empty, documents: 1, problems: [text] };

  const documents = documentsOf({ path, text }, read);
  const contents = documents.map((document) => contentOf(path, document, document.locate));
  return {
    ...identity,
    documents: documents.length,
    objects: contents.flatMap((content) => content.objects ?? []),
    problems: contents.flatMap((content) => content.problems ?? []),
    skipped: contents.flatMap((content) => content.skipped ?? []),
  };
}
