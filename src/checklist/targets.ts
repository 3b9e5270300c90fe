import { readFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import type { Git } from '../adapters/git/git.ts';
import type { ProcessRunner } from '../adapters/process/process.ts';
import type { Environment } from '../config/environment.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type FileDigest, sha256, sha256Hex, sumsText } from '../core/digest.ts';
import type { Unloaded } from '../core/engine.ts';
import type { Evidence, EvidenceSink } from '../core/evidence.ts';
import { Fault } from '../core/fault.ts';
import type { InputRecord, RunRecord } from '../core/record.ts';
import type { Scope } from '../core/scope.ts';
import type { Target, TargetKind } from '../core/target.ts';
import { walkFiles } from '../core/walk.ts';
import { builtImage } from '../validators/dockerfile/built.ts';
import { loadDockerfile } from '../validators/dockerfile/load.ts';
import type { Image } from '../validators/image/image.ts';
import { createLayerCache, type ImageSystems, loadImage } from '../validators/image/load.ts';
import { summaryOf } from '../validators/image/summary.ts';
import { withBeside } from '../validators/manifest/beside.ts';
import { templatesOf } from '../validators/manifest/inputs.ts';
import { type LoadOptions, loadManifests, type ManifestSet } from '../validators/manifest/load.ts';
import { placeOf } from '../validators/manifest/render/template.ts';
import type { ServerRulesOptions } from '../validators/manifest/server-rules/options.ts';
import { loadFiles } from '../validators/secret/load.ts';
import { evidenceOf } from '../validators/supply-chain/evidence.ts';
import { listingOf } from '../validators/supply-chain/listing.ts';
import { attachedDocuments, loadDocuments } from '../validators/supply-chain/load.ts';
import { keyFilesIn, loadKeys } from '../validators/supply-chain/signing/keys.ts';

/** A target that was loaded, or why it could not be. */
export interface Loaded {
  readonly kind: TargetKind;
  readonly source: string;
  readonly target?: Target;
  readonly fault?: Fault;
  /** What it is: the listing of its files in sha256sum format, or the summary of an image. */
  readonly evidence?: Evidence;
}

/** What a use case saw of a live system, and what the record takes from it besides. */
export interface Observed {
  readonly loaded: readonly Loaded[];
  readonly steps: RunRecord['steps'];
  readonly measurements: RunRecord['measurements'];
  readonly notExamined: RunRecord['notExamined'];
}

/** Looks at a live system. A string says what has to be configured before it can. */
export type Observer = () => Promise<Observed | string>;

/** Everything one release consists of. Each part is read once, when it is first asked for. */
export interface ReleaseTargets {
  load(kind: TargetKind): Promise<readonly Loaded[]>;
  /** Why a kind that was asked for has no target: what to configure. */
  absence(kind: TargetKind): string | undefined;
  /** What was observed so far. */
  observed(): readonly Observed[];
  /** What was asked for so far and could not be loaded. */
  unloaded(): Promise<readonly Unloaded[]>;
  /** The commit that is checked out; undefined outside of a git work tree. */
  commit(): Promise<InputRecord | undefined>;
  /** What a signature binds: configuration, environment, commit, images, manifests, migrations. */
  inputs(): Promise<readonly InputRecord[]>;
}

export interface TargetContext {
  readonly config: LoadedConfig;
  /** What the manifests have to be valid for. */
  readonly environment: Environment | undefined;
  /** What renders charts and kustomizations. */
  readonly processes: ProcessRunner;
  readonly git: Git;
  /** What knows images by name. */
  readonly imageSystems: ImageSystems;
  readonly scope: Scope;
  readonly evidence: EvidenceSink;
  readonly signal: AbortSignal;
  /** How manifests are judged by the rules of the API server. */
  readonly serverRules?: ServerRulesOptions;
  /** Adds what the cluster has to the manifests; they come back as they are when none is configured. */
  readonly complete?: (manifests: ManifestSet) => Promise<ManifestSet>;
  /** The kinds that come from live systems. */
  readonly observers?: Readonly<Partial<Record<TargetKind, Observer>>>;
}

/** The kinds a signature covers; source files are covered by the commit. */
export const boundKinds: readonly TargetKind[] = ['image', 'manifestSet', 'migrationSet'];

export function releaseTargets(context: TargetContext): ReleaseTargets {
  const loading = new Map<TargetKind, Promise<readonly Loaded[]>>();
  const absences = new Map<TargetKind, string>();
  const observations: Observed[] = [];
  const observe = async (kind: TargetKind, observer: Observer): Promise<readonly Loaded[]> => {
    try {
      const seen = await observer();
      if (typeof seen === 'string') {
        absences.set(kind, seen);
        return [];
      }
      observations.push(seen);
      return seen.loaded;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return [{ kind, source: kind, fault: error }];
    }
  };
  const load = (kind: TargetKind): Promise<readonly Loaded[]> => {
    const known = loading.get(kind);
    if (known) return known;
    const observer = context.observers?.[kind];
    const started = observer
      ? observe(kind, observer)
      : kind === 'imageEvidence'
        ? loadEvidence(load('image'), context)
        : kind === 'dockerfile'
          ? loadDockerfiles(load('image'), context)
          : loadKind(kind, context);
    loading.set(kind, started);
    return started;
  };
  const commit = once(() => commitInput(context));
  const inputs = once(async () => {
    const [head, ...loaded] = await Promise.all([commit(), ...boundKinds.map(load)]);
    return [
      ...configInput(context),
      ...environmentInput(context),
      ...(head ? [head] : []),
      ...loaded.flat().flatMap(inputOf),
    ];
  });
  const unloaded = async () => {
    const loaded = (await Promise.all(loading.values())).flat();
    return loaded.flatMap(({ source, fault }) => (fault ? [{ target: source, fault }] : []));
  };
  const absence = (kind: TargetKind) => absences.get(kind);
  return { load, absence, observed: () => observations, unloaded, commit, inputs };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function inputOf({ kind, source, target, evidence }: Loaded): InputRecord[] {
  if (!target) return [];
  const listing = isListed(target) ? (evidence?.name ?? null) : null;
  return [{ kind, digest: target.digest, source, listing }];
}

async function loadKind(kind: TargetKind, context: TargetContext): Promise<readonly Loaded[]> {
  const { config, signal, scope, imageSystems: systems } = context;
  const { root } = config;
  const services = config.value.services ?? [];
  if (kind === 'image') {
    const cache = createLayerCache();
    return Promise.all(
      services.map(async ({ name, image }) => {
        const loading = loadImage(image, { root, signal, cache, scope, systems });
        const loaded = await settle(kind, image, loading);
        return loaded.target ? withImage(loaded, name, await loading, context) : loaded;
      }),
    );
  }
  if (kind === 'manifestSet') {
    // References between objects cross services, so the release's manifests are one set.
    const paths = services.flatMap((service) => service.manifests ?? []);
    const { environment, processes } = context;
    const templates = services.flatMap((service) => templatesOf(service, environment?.namespace));
    if (paths.length + templates.length === 0) return [];
    const { serverRules } = context;
    const options = { paths, templates, processes, serverRules, root, signal };
    const loaded = await settle(
      kind,
      [...paths, ...templates.map(placeOf)].join(' '),
      loadRelease(options, context).then((manifests) => context.complete?.(manifests) ?? manifests),
    );
    return [await withListing(loaded, 'manifests.sha256', context)];
  }
  if (kind === 'fileSet') {
    if (config.file === null) return [];
    return [await settle(kind, '.', loadFiles({ paths: ['.'], root, signal }))];
  }
  if (kind === 'migrationSet') {
    return Promise.all(
      services
        .filter((service) => service.migrations !== undefined)
        .map(async ({ name, migrations }) => {
          const dir = migrations?.dir ?? '';
          const loaded = await settle(kind, dir, loadMigrations(dir, root, signal));
          return withListing(loaded, `migrations-${name}.sha256`, context);
        }),
    );
  }
  return [];
}

/** Those that services name, each beside the image that was built of it. */
async function loadDockerfiles(
  images: Promise<readonly Loaded[]>,
  { config: { root, value } }: TargetContext,
): Promise<readonly Loaded[]> {
  const loaded = await images;
  const settled = await Promise.all(
    (value.services ?? []).map(async ({ dockerfile, image }, at) => {
      if (dockerfile === undefined) return [];
      const reading = async () => ({
        ...(await loadDockerfile(dockerfile, { root })),
        built: await builtImage(image, imageOf(loaded[at])),
      });
      return [await settle('dockerfile', dockerfile, reading())];
    }),
  );
  return settled.flat();
}

async function imageOf(loaded: Loaded | undefined): Promise<Pick<Image, 'config'>> {
  if (loaded?.fault) throw loaded.fault;
  const target = loaded?.target;
  return isImage(target) ? target : { config: null };
}

async function loadRelease(
  options: LoadOptions,
  { config, environment }: TargetContext,
): Promise<ManifestSet> {
  const { root, signal } = options;
  const kubeVersions = environment?.kubeVersions;
  const manifests = await loadManifests({ ...options, kubeVersions });
  const beside = {
    definitions: config.value.manifests?.crds ?? [],
    policies: config.value.rules.custom ?? [],
  };
  return withBeside(manifests, beside, { root, signal });
}

interface Listed extends Target {
  /** In sha256sum format, paths relative to the configuration's folder. */
  readonly listing: string;
}

async function loadMigrations(dir: string, root: string, signal: AbortSignal): Promise<Listed> {
  const files = await walkFiles([dir], {
    root,
    signal,
    onSkipped: (path, why) => {
      throw new Fault('input-missing', `${path}: ${why}; a migration has to be a file`);
    },
  });
  if (files.length === 0) throw new Fault('input-empty', `${dir}: no migration files`);
  const listing = sumsText(
    await Promise.all(
      files.map(async ({ path, absolute }): Promise<FileDigest> => {
        return { path, sha256: sha256Hex(await readFile(absolute)) };
      }),
    ),
  );
  return { kind: 'migrationSet', name: dir, digest: sha256(listing), source: dir, listing };
}

/** What is said of each service's image; nothing for a service that names no evidence. */
async function loadEvidence(
  images: Promise<readonly Loaded[]>,
  context: TargetContext,
): Promise<readonly Loaded[]> {
  const { signal, scope } = context;
  const { root, value } = context.config;
  const loaded = await images;
  const keyFiles = keyFilesIn(value.rules.options);
  const settled = await Promise.all(
    (value.services ?? []).map(async ({ name, image: reference, evidence = [] }, at) => {
      const image = loaded[at]?.target;
      if (evidence.length + keyFiles.length === 0 || !isImage(image)) return [];
      const reading = Promise.all([
        loadKeys(keyFiles, root),
        loadDocuments(evidence, root),
        attachedDocuments(image, { root, signal, scope, systems: context.imageSystems }),
      ]).then(([keys, ...documents]) => evidenceOf(image, documents.flat(), keys));
      const one = await settle('imageEvidence', evidence.join(' ') || reference, reading);
      if (!one.target) return [one];
      const entry = await context.evidence.add({
        name: evidenceName(`evidence-${name}.json`),
        mediaType: 'application/json',
        content: listingOf(await reading),
        how: `read ${one.target.source}, compared by digest with ${image.source}`,
      });
      return [{ ...one, evidence: entry }];
    }),
  );
  return settled.flat();
}

function isImage(target: Target | undefined): target is Image {
  return target?.kind === 'image';
}

async function withImage(
  loaded: Loaded,
  service: string,
  image: Image,
  { evidence }: TargetContext,
): Promise<Loaded> {
  const entry = await evidence.add({
    name: evidenceName(`image-${service}.json`),
    mediaType: 'application/json',
    content: summaryOf(image),
    how: `read ${image.source}, every digest and diff id verified`,
  });
  return { ...loaded, evidence: entry };
}

function evidenceName(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '_');
}

async function withListing(
  loaded: Loaded,
  name: string,
  { evidence }: TargetContext,
): Promise<Loaded> {
  const { target } = loaded;
  if (!target || !isListed(target)) return loaded;
  const entry = await evidence.add({
    name: evidenceName(name),
    mediaType: 'text/plain',
    content: target.listing,
    how: `sha256sum over ${target.source}`,
  });
  return { ...loaded, evidence: entry };
}

export function isListed(target: Target): target is Listed {
  return 'listing' in target && typeof target.listing === 'string';
}

function configInput({ config: { file, digest, root } }: TargetContext): InputRecord[] {
  if (file === null || digest === null) return [];
  return [{ kind: 'config', digest, source: relative(root, file), listing: null }];
}

/** A run for staging says nothing of production. */
function environmentInput({ environment }: TargetContext): InputRecord[] {
  if (!environment) return [];
  const { name, kubeVersions } = environment;
  const digest = sha256(
    JSON.stringify([name, ...(kubeVersions.length > 0 ? kubeVersions : [null])]),
  );
  return [{ kind: 'environment', digest, source: environment.name, listing: null }];
}

async function commitInput({
  config,
  git,
  signal,
}: TargetContext): Promise<InputRecord | undefined> {
  const commit = await git.head(config.root, signal);
  if (!commit) return undefined;
  const algorithm = commit.hash.length === 64 ? 'sha256' : 'sha1';
  const digest = `${algorithm}:${commit.hash}`;
  return { kind: 'commit', digest, source: basename(config.root), listing: null };
}

/** Rejects for anything but a fault, so that a bug is not taken for a broken input. */
async function settle(kind: TargetKind, source: string, load: Promise<Target>): Promise<Loaded> {
  try {
    return { kind, source, target: await load };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind, source, fault: error };
  }
}
