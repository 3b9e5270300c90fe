import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path/posix';
import type { ProcessRunner } from '../../adapters/process/process.ts';
import type { Position, Span } from '../../config/yaml-source.ts';
import { sha256, sha256Hex, sumsText } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Location, ObjectRef } from '../../core/finding.ts';
import type { Target } from '../../core/target.ts';
import { type WalkedFile, walkFiles } from '../../core/walk.ts';
import type { IgnoreComment } from '../suppressions/comments.ts';
import { createReader } from './documents.ts';
import { type HelmOptions, inputsOf } from './inputs.ts';
import { compareVersions } from './lifecycle.ts';
import type { LiveSource } from './live.ts';
import { type ManifestSource, type ParsedFile, parseSource } from './parse.ts';
import type { Path } from './read.ts';
import { type Rendering, render } from './render/render.ts';
import { placeOf, type Template } from './render/template.ts';
import type { ServerRulesOptions } from './server-rules/options.ts';

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
  /** The text of a scalar or a key in `file`; undefined for what is rendered, which has no text to edit. */
  readonly spanOf: ((path: Path, part?: 'key' | 'value') => Span | undefined) | undefined;
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
  /** Comments that accept findings. */
  readonly comments: readonly IgnoreComment[];
  /** Kubernetes minor versions it has to be valid for; the newest known when none is named. */
  readonly kubeVersions: readonly string[];
  /** CustomResourceDefinitions that are not part of the set and are in the cluster all the same. */
  readonly definitions: readonly ManifestObject[];
  /** ValidatingAdmissionPolicies that are not part of the set and hold like rules, and what they refer to. */
  readonly policies: readonly ManifestObject[];
  /** The release that is replaced; what is also in the set is updated. */
  readonly before: readonly ManifestObject[];
  readonly serverRules?: ServerRulesOptions | undefined;
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

export interface LoadOptions {
  /** Files, folders and patterns; `-` stands for `stdin`. Charts and kustomizations by their folder. */
  readonly paths: readonly string[];
  /** Paths are resolved against this folder and shown relative to it. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Kubernetes minor versions such as `1.34`. */
  readonly kubeVersions?: readonly string[] | undefined;
  /** What else has to be rendered. */
  readonly templates?: readonly Template[];
  /** How charts are rendered that `paths` name. */
  readonly helm?: HelmOptions;
  /** What renders; without it, charts and kustomizations are left out and named. */
  readonly processes?: Pick<ProcessRunner, 'run'>;
  readonly serverRules?: ServerRulesOptions | undefined;
  /** What files have instead of what is on the disk, by the path that findings show. */
  readonly instead?: ReadonlyMap<string, Uint8Array>;
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
 * Reads manifests from files, folders and standard input, and renders charts and kustomizations. What is
 * broken inside them becomes `problems` of the set.
 * @throws Fault `input-missing`, `input-empty`, `input-too-large`, `usage-invalid`, `manifests-not-rendered`
 *   or `tool-missing`.
 */
export async function loadManifests(options: LoadOptions): Promise<ManifestSet> {
  const { paths, root, signal, processes, kubeVersions = [], serverRules } = options;
  // A chart is rendered once; it may ask which version it is for.
  const kubeVersion = [...kubeVersions].sort(compareVersions).at(-1);
  const read = createReader();
  const named = paths.filter((path) => path !== '-');
  const inputs = processes
    ? await inputsOf(named, root, options.helm)
    : { paths: named, templates: [] };
  const count = counter();
  const plain: ParsedFile[] = [];
  const add = (source: ManifestSource) => plain.push(count(parseSource(source, read)));

  if (paths.includes('-')) add(await readStdin(options));
  const skipped: Skipped[] = [];
  const found = await walkFiles(inputs.paths, {
    root,
    signal,
    ignoreFolders: ['.git', 'node_modules'],
    wanted: (path) => manifestName.test(path),
    onSkipped: (path, why) => skipped.push({ path, why }),
  });
  const { charts, files } = setChartsAside(found);
  skipped.push(...charts);
  for (const { path, absolute, size } of files) {
    signal.throwIfAborted();
    bound(size, bounds.fileBytes, path, 'bytes');
    const bytes = options.instead?.get(path) ?? (await readFile(absolute, { signal }));
    add({ path, bytes });
  }
  const renderings: Rendering[] = [];
  for (const template of [...inputs.templates, ...(options.templates ?? [])]) {
    if (!processes) throw new Error('nothing is given that renders');
    const rendering = await render(template, { processes, root, kubeVersion, signal });
    rendering.parsed.forEach(count);
    renderings.push(rendering);
  }
  const name = [...paths, ...(options.templates ?? []).map(placeOf)].join(' ');
  return { ...assemble(name, { plain, renderings, skipped }), kubeVersions, serverRules };
}

/** Counts what was read, up to what one release may be. */
function counter(): (file: ParsedFile) => ParsedFile {
  const total = { bytes: 0, documents: 0 };
  return (file) => {
    total.bytes += file.size;
    total.documents += file.documents;
    bound(total.bytes, bounds.totalBytes, 'the manifests', 'bytes');
    bound(total.documents, bounds.documents, 'the manifests', 'documents');
    return file;
  };
}

/** The set of some texts, without a disk. */
export function manifestSetOf(sources: readonly ManifestSource[], name = 'manifests'): ManifestSet {
  const read = createReader();
  const plain = sources.map((source) => parseSource(source, read));
  return assemble(name, { plain, renderings: [], skipped: [] });
}

interface Contents {
  readonly plain: readonly ParsedFile[];
  readonly renderings: readonly Rendering[];
  readonly skipped: readonly Skipped[];
}

function assemble(name: string, { plain, renderings, skipped: leftOut }: Contents): ManifestSet {
  const parsed = [...plain, ...renderings.flatMap((rendering) => rendering.parsed)];
  const objects = parsed.flatMap((file) => file.objects);
  const problems = parsed.flatMap((file) => file.problems);
  const empty = renderings.filter((rendering) => rendering.parsed.every(isEmpty));
  const skipped = [
    ...leftOut,
    ...parsed.flatMap((file) => file.skipped),
    ...empty.map(({ template }) => ({ path: placeOf(template), why: 'it renders to nothing' })),
  ];
  if (objects.length === 0 && problems.length === 0) {
    const reasons = skipped.map(({ path, why }) => `; ${path}: ${why}`).join('');
    throw new Fault('input-empty', `${name}: no Kubernetes object found${reasons}`);
  }
  const files = unique([...plain, ...renderings.flatMap(({ inputs }) => inputs)]);
  const listing = `${sumsText(files)}${renderings.map(renderedLine).join('')}`;
  return {
    kind: 'manifestSet',
    kubeVersions: [],
    definitions: [],
    policies: [],
    before: [],
    name,
    source: name,
    digest: sha256(listing),
    listing,
    files: files.map(({ path, sha256: hex, size }) => ({ path, sha256: hex, size })),
    documents: parsed.reduce((sum, file) => sum + file.documents, 0),
    objects,
    problems,
    skipped,
    comments: parsed.flatMap((file) => file.comments),
    complete: problems.length === 0 && skipped.length === 0,
  };
}

const isEmpty = ({ objects, problems }: ParsedFile): boolean =>
  objects.length === 0 && problems.length === 0;

/** A file may be an input of several templates. */
const unique = (files: readonly ManifestFile[]): readonly ManifestFile[] => [
  ...new Map(files.map((file) => [file.path, file])).values(),
];

/** A comment to `sha256sum --check`: what a program makes of files may change when they do not. */
const renderedLine = ({ template, text }: Rendering): string =>
  `# ${sha256Hex(Buffer.from(text))}  ${placeOf(template)}, rendered by ${template.kind}\n`;

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
    charts: folders.map((path) => ({
      path,
      why: 'a Helm chart; name its folder to have it rendered',
    })),
    files: files.filter(({ path }) => !inChart(path)),
  };
}
