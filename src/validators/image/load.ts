import type { OpenEngine } from '../../adapters/docker/docker.ts';
import type { Registry } from '../../adapters/registry/registry.ts';
import { Fault } from '../../core/fault.ts';
import type { Platform } from '../../core/platform.ts';
import { formatReference, type ImageReference } from '../../core/reference.ts';
import type { Scope } from '../../core/scope.ts';
import type { Target } from '../../core/target.ts';
import type { BlobRange } from './blobs.ts';
import type { ImageConfig } from './config.ts';
import { type Described, type LayerSource, platformMismatch } from './described.ts';
import { mergeLayers } from './filesystem.ts';
import { describeOnDisk } from './from-disk.ts';
import { describeInEngine } from './from-engine.ts';
import { describeInRegistry } from './from-registry.ts';
import { stepsOf } from './history.ts';
import type { Image } from './image.ts';
import { type Layer, type LayerLimits, layerLimits } from './layer.ts';
import type { LayerStore } from './layer-store.ts';
import type { Damage } from './layout.ts';
import { examineLayers, keyOf, type LayerCache } from './pool.ts';
import { type ImageSource, sourceOf } from './source.ts';
import { createSpool, type Spool } from './spool.ts';

/** The systems that know images by name; each is opened when it is first asked. */
export interface ImageSystems {
  engine(): Promise<OpenEngine>;
  registry(): Promise<Registry>;
}

export interface LoadImageOptions {
  /** Paths are relative to this folder. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly systems: ImageSystems;
  /** Owns what has to lie on disk meanwhile. */
  readonly scope: Scope;
  readonly cache?: LayerCache;
  /** Linux on this machine's processor when undefined. */
  readonly platform?: Platform | undefined;
  /** Paths of further files whose text checks read. */
  readonly keep?: readonly string[] | undefined;
  /** Default {@link layerLimits}, for all layers together. */
  readonly limits?: LayerLimits;
  /** Default true. */
  readonly scanSecrets?: boolean;
  /** What earlier runs read; nothing is kept without. */
  readonly store?: LayerStore | undefined;
}

/** Shared by the images of one run, so that a layer they have in common is read once. */
export function createLayerCache(): LayerCache {
  return new Map();
}

/**
 * Reads an image to its last byte, from wherever {@link sourceOf} finds that it is.
 * @throws Fault `input-missing`, `image-unreadable`, `image-source-unsupported`, `image-damaged` (nothing
 * left to go by), `usage-invalid` (several images), `input-too-large`, `output-unwritable`, and the
 * faults of engines and registries; the signal's reason.
 */
export async function loadImage(reference: string, options: LoadImageOptions): Promise<Image> {
  const { root, cache = createLayerCache(), limits = layerLimits, scanSecrets = true } = options;
  const { keep } = options;
  // What earlier runs kept has not the texts that this one wants.
  const store = keep && keep.length > 0 ? undefined : options.store;
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const spool = createSpool(options.scope, signal);
  try {
    const source = await sourceOf(reference, root);
    const image = await describe(source, { ...options, store, signal, spool });
    const mismatch = platformMismatch(image.config, options.platform);
    if (mismatch) throw new Fault('image-unreadable', `${reference}: ${mismatch}`);
    const { whole = image, known } = await recall(image, store);
    for (const { source: own, layer } of known) cache.set(keyOf(own), Promise.resolve(layer));
    const onRead = store && ((layer: Layer, range: BlobRange) => store.keep(layer, range));
    const scan = scanSecrets;
    const layers = await examineLayers(whole.layers, { signal, limits, scan, keep, cache, onRead });
    return imageOf({ ...whole, name: reference }, whole.config, layers, whole.damage);
  } catch (error) {
    options.signal.throwIfAborted();
    throw error;
  } finally {
    // What was fetched ahead is wanted no more.
    ended.abort(new Error('the image was given up'));
  }
}

interface Recalled {
  /** The image anew, where what was kept of it did not suffice. */
  readonly whole?: Described;
  readonly known: readonly { readonly source: LayerSource; readonly layer: Layer }[];
}

/** The layers of an image that earlier runs kept. */
async function recall(image: Described, store: LayerStore | undefined): Promise<Recalled> {
  if (!store) return { known: [] };
  const found = await Promise.all(
    image.layers.map(async (source) => {
      const layer = await store.find(source);
      return layer ? [{ source, layer }] : [];
    }),
  );
  const known = found.flat();
  if (!image.whole || known.length === found.length) return { known };
  return { whole: await image.whole(), known: [] };
}

interface Describing {
  readonly systems: ImageSystems;
  readonly spool: Spool;
  readonly store?: LayerStore | undefined;
  readonly platform?: Platform | undefined;
  readonly signal: AbortSignal;
}

async function describe(source: ImageSource, context: Describing): Promise<Described> {
  switch (source.from) {
    case 'disk':
      return describeOnDisk({ ...source, platform: context.platform }, context);
    case 'engine':
      return (
        (await askEngine(source.name, context)) ??
        absent(`${source.name}: the engine has no such image`)
      );
    case 'registry':
      return askRegistry(source.reference, context);
    case 'anywhere':
      return anywhere(source, context);
  }
}

async function askEngine(name: string, context: Describing): Promise<Described | undefined> {
  const open = await context.systems.engine();
  const engine = await open({}, context.signal);
  return describeInEngine(name, { ...context, engine });
}

async function askRegistry(reference: ImageReference, context: Describing): Promise<Described> {
  const registry = await context.systems.registry();
  return (
    (await describeInRegistry(reference, { ...context, registry })) ??
    absent(`${formatReference(reference)}: the registry has no such image`)
  );
}

/** An engine that does not answer is no reason not to ask the registry that the name itself names. */
async function anywhere(
  { name, registry }: Extract<ImageSource, { from: 'anywhere' }>,
  context: Describing,
): Promise<Described> {
  const inEngine = askEngine(name, context).catch((error: unknown) => {
    const isAway = error instanceof Fault && error.code === 'engine-unreachable';
    if (registry && isAway) return undefined;
    throw error;
  });
  const found = await inEngine;
  if (found) return found;
  if (registry) return askRegistry(registry, context);
  return absent(
    `${name}: no such file or folder, and the engine has no such image; a registry is asked for names that begin with its host`,
  );
}

function absent(message: string): never {
  throw new Fault('input-missing', message);
}

type Identity = Pick<Target, 'name' | 'digest' | 'source'> &
  Partial<Pick<Described, 'id' | 'digests' | 'repository' | 'platforms' | 'tag' | 'annotations'>>;

/** Puts an image together from what was read of it. */
export function imageOf(
  identity: Identity,
  config: ImageConfig | null,
  layers: readonly Layer[],
  damage: readonly Damage[],
): Image {
  const { name, digest, source, id = null, digests = [digest] } = identity;
  const { repository, platforms, tag, annotations } = identity;
  const ofLayers = layers.flatMap((layer): Damage[] =>
    layer.damage ? [{ ...layer.damage, blob: layer.digest, part: 'layer' }] : [],
  );
  return {
    ...{ kind: 'image', name, digest, source, id, digests, config, layers },
    ...(repository !== undefined && { identity: repository }),
    ...(platforms && { platforms }),
    ...(tag && { tag }),
    ...(annotations && { annotations }),
    steps: config ? stepsOf(config) : [],
    filesystem: mergeLayers(layers),
    damage: [...damage, ...ofLayers],
  };
}
