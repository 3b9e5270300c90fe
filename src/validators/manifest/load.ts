import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path/posix';
import { type Position, parseYaml, type YamlDocument } from '../../config/yaml-source.ts';
import { sha256, sha256Hex, sumsText } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Location, ObjectRef } from '../../core/finding.ts';
import type { Target } from '../../core/target.ts';
import { type WalkedFile, walkFiles } from '../../core/walk.ts';
import type { LiveSource } from './live.ts';
import { formatPath, isRecord, listAt, type Path, stringAt } from './read.ts';
import { kubernetesScalars } from './yaml-scalars.ts';

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
  /** Whether the rules of the API server are run; `auto` when undefined: if they are at hand. */
  readonly serverRules?: ServerRulesMode | undefined;
  /** False when something was broken or skipped: what is not found may then be there all the same. */
  readonly complete: boolean;
  /** What a cluster has of the configuration that the set refers to and does not hold. */
  readonly live?: readonly LiveSource[];
  /** Why a cluster that is configured could not be asked for it. */
  readonly liveProblem?: string;
}

export const serverRulesModes = ['auto', 'on', 'off'] as const;
export type ServerRulesMode = (typeof serverRulesModes)[number];

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
  readonly serverRules?: ServerRulesMode | undefined;
}

const mebibyte = 1024 * 1024;
const bounds = {
  fileBytes: 32 * mebibyte,
  totalBytes: 256 * mebibyte,
  documents: 100_000,
} as const;
const manifestName = /\.(?:ya?ml|json)$/i;
const kustomizationName = /^kustomization(?:\.ya?ml)?$/i;
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
  const { kubeVersion, serverRules } = options;
  return { ...assemble(paths.join(' '), parsed, skipped), kubeVersion, serverRules };
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

interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** The documents of a text that are not empty. */
type Reader = (source: SourceText) => readonly YamlDocument[];

/** Characters of text whose parsed documents are kept at hand. */
const keptText = 8 * mebibyte;

/**
 * Parsed documents, which know the positions, take about fifty times the memory of their text. Only
 * findings want positions, so the documents of a large set are dropped and made again when asked for.
 */
function createReader(): Reader {
  const kept = new Map<SourceText, readonly YamlDocument[]>();
  let size = 0;
  return (source) => {
    const known = kept.get(source);
    if (known) return known;
    const documents = parseYaml(source.text, { schema: kubernetesScalars }).filter(
      ({ value, problems }) => problems.length > 0 || (value !== null && value !== undefined),
    );
    kept.set(source, documents);
    size += source.text.length;
    for (const oldest of kept.keys()) {
      if (size <= keptText || oldest === source) break;
      kept.delete(oldest);
      size -= oldest.text.length;
    }
    return documents;
  };
}

function parseSource({ path, bytes }: ManifestSource, read: Reader): ParsedFile {
  const identity = { path, sha256: sha256Hex(bytes), size: bytes.byteLength };
  const empty = { ...identity, documents: 0, objects: [], problems: [], skipped: [] };
  if (kustomizationName.test(basename(path))) {
    return { ...empty, skipped: [{ path, why: notBuilt }] };
  }
  const text = decode(bytes);
  const unreadable = text === undefined ? encodingProblem(path, bytes) : controlProblem(path, text);
  if (text === undefined || unreadable) {
    return { ...empty, documents: 1, problems: unreadable ? [unreadable] : [] };
  }

  const source: SourceText = { path, text };
  const documents = read(source);
  const contents = documents.map((document, index) =>
    contentOf(path, document, locatorOf(source, index, read)),
  );
  return {
    ...identity,
    documents: documents.length,
    objects: contents.flatMap((content) => content.objects ?? []),
    problems: contents.flatMap((content) => content.problems ?? []),
    skipped: contents.flatMap((content) => content.skipped ?? []),
  };
}

const notBuilt = 'a kustomization; build it and name the result';

interface Content {
  readonly objects?: readonly ManifestObject[];
  readonly problems?: readonly ManifestProblem[];
  readonly skipped?: readonly Skipped[];
}

type Locate = YamlDocument['locate'];

/** Holds on to the text alone, so that the parsed document can go. */
function locatorOf(source: SourceText, index: number, read: Reader): Locate {
  return (path, part) => read(source)[index]?.locate(path, part) ?? { line: 1, column: 1 };
}

function contentOf(file: string, document: YamlDocument, locate: Locate): Content {
  // The parser goes on after an error; what it then says is mostly a consequence of the first one.
  const [problem] = document.problems;
  if (problem) {
    const { kind, message, line, column } = problem;
    if (kind === 'depth') throw new Fault('input-too-large', `${file}:${line}: ${message}`);
    return { problems: [{ id: kind, data: { message }, location: { file, line, column } }] };
  }
  if (stringAt(document.value, 'apiVersion')?.startsWith('kustomize.config.k8s.io/')) {
    return { skipped: [{ path: file, why: notBuilt }] };
  }
  return contentAt(file, document.value, locate, []);
}

/** The object at a path of a document, or the objects of the list there. */
function contentAt(file: string, value: unknown, locate: Locate, path: Path): Content {
  const problemAt = (id: ProblemId, data: Record<string, string>, at: Path): Content => {
    const location = { file, ...locate(at), path: formatPath(at) };
    return { problems: [{ id, data, location }] };
  };

  if (!isRecord(value)) return problemAt('not-an-object', { actual: typeName(value) }, path);
  const kind = stringAt(value, 'kind');
  const apiVersion = stringAt(value, 'apiVersion');
  if (kind?.endsWith('List') && Array.isArray(value.items)) {
    const contents = listAt(value, 'items').map((item, index) =>
      contentAt(file, item, locate, [...path, 'items', index]),
    );
    return {
      objects: contents.flatMap((content) => content.objects ?? []),
      problems: contents.flatMap((content) => content.problems ?? []),
    };
  }

  const given = stringAt(value, 'metadata', 'name');
  const name = given || stringAt(value, 'metadata', 'generateName');
  if (!apiVersion || !kind || !name) {
    const missing = [
      ...(apiVersion ? [] : ['apiVersion']),
      ...(kind ? [] : ['kind']),
      ...(name ? [] : ['metadata.name']),
    ];
    const at = apiVersion && kind ? ['metadata', 'name'] : [missing[0] ?? ''];
    return problemAt('missing-identity', { missing: missing.join(', ') }, [...path, ...at]);
  }

  const namespace = stringAt(value, 'metadata', 'namespace') || null;
  const object: ManifestObject = {
    file,
    apiVersion,
    kind,
    namespace,
    name,
    generatedName: !given,
    value,
    ref: { apiVersion, kind, namespace, name },
    locate: (inner, part) => locate([...path, ...inner], part),
  };
  return { objects: [object] };
}

/** A word for the type of a value; never the value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return `a ${typeof value}`;
}

/** Undefined when the bytes are not UTF-8; a byte order mark is dropped. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingProblem(file: string, bytes: Uint8Array): ManifestProblem {
  // A newline byte is never part of a longer UTF-8 sequence, so lines can be decoded on their own.
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, newline === -1 ? bytes.length : newline);
    if (newline === -1 || decode(row) === undefined) {
      const column = new TextDecoder().decode(row).indexOf('\ufffd') + 1;
      return { id: 'not-utf8', data: {}, location: { file, line, column: Math.max(1, column) } };
    }
    line += 1;
    start = newline + 1;
  }
}

/** Characters that YAML allows in a stream: https://yaml.org/spec/1.2.2/#51-character-set */
const notPrintable = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function controlProblem(file: string, text: string): ManifestProblem | undefined {
  const match = notPrintable.exec(text);
  if (!match) return undefined;
  const before = text.slice(0, match.index).split('\n');
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const location = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return { id: 'control-character', data: { code: `U+${code}` }, location };
}
