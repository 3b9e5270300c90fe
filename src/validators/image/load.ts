import { fieldOf, objectOf, objectsOf } from '../../core/json.ts';
import type { Target } from '../../core/target.ts';
import { configOf, type ImageConfig } from './config.ts';
import { mergeLayers } from './filesystem.ts';
import type { Image } from './image.ts';
import {
  damagedLayer,
  type Layer,
  type LayerClaim,
  type LayerLimits,
  layerLimits,
} from './layer.ts';
import {
  blobName,
  chooseManifest,
  type Damage,
  type Descriptor,
  descriptorOf,
  isDamage,
  readBlob,
} from './layout.ts';
import { examineLayers, type LayerCache } from './pool.ts';
import { type BlobRange, type LayoutFiles, openLayout, placeOf } from './source.ts';

export interface LoadImageOptions {
  /** Paths are relative to this folder. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly cache?: LayerCache;
  /** Default {@link layerLimits}, for all layers together. */
  readonly limits?: LayerLimits;
}

const maxLayers = 500;

/** Shared by the images of one run, so that a layer they have in common is read once. */
export function createLayerCache(): LayerCache {
  return new Map();
}

/**
 * Reads an image from an OCI image layout: `oci:PATH`, `oci:PATH:TAG`, `oci:PATH@DIGEST` or a path,
 * where PATH is a folder or a tar archive.
 * @throws Fault `input-missing`, `image-unreadable`, `image-source-unsupported`, `image-damaged` (no
 * index left to go by), `usage-invalid` (several images), `input-too-large`; the signal's reason.
 */
export async function loadImage(reference: string, options: LoadImageOptions): Promise<Image> {
  const place = await placeOf(reference, options.root);
  const files = await openLayout(place, options.signal);
  const chosen = await chooseManifest(files, place);
  const digest = 'blob' in chosen ? chosen.blob : chosen.digest;
  const identity = { name: reference, digest, source: `oci:${place.path}@${digest}` };
  if ('blob' in chosen) return imageOf(identity, null, [], [chosen]);

  const manifest = await readBlob(files, chosen, 'manifest');
  if (isDamage(manifest)) return imageOf(identity, null, [], [manifest]);
  const configBlob = descriptorOf(objectOf(fieldOf(manifest, 'config')));
  const described = objectsOf(fieldOf(manifest, 'layers')).map(descriptorOf);
  const layers = described.filter((layer) => layer !== undefined);
  if (!configBlob || layers.length !== described.length) {
    return imageOf(
      identity,
      null,
      [],
      [malformed(chosen, 'it does not describe config and layers')],
    );
  }
  if (layers.length > maxLayers) {
    return imageOf(
      identity,
      null,
      [],
      [malformed(chosen, `it names more than ${maxLayers} layers`)],
    );
  }

  const json = await readBlob(files, configBlob, 'config');
  if (isDamage(json)) return imageOf(identity, null, [], [json]);
  const config = configOf(json);
  if (!config) {
    const message = 'it lacks architecture, os or rootfs.diff_ids';
    const damage: Damage = { blob: configBlob.digest, part: 'config', kind: 'malformed', message };
    return imageOf(identity, null, [], [damage]);
  }
  if (config.diffIds.length !== layers.length) {
    const message = `it names ${layers.length} layers, and the config ${config.diffIds.length}`;
    return imageOf(identity, config, [], [malformed(chosen, message)]);
  }
  const claims = layers.map(({ digest, size }, index) => ({
    digest,
    size,
    diffId: config.diffIds[index] ?? '',
  }));
  return imageOf(identity, config, await readLayers(files, claims, options), []);
}

function malformed(descriptor: Descriptor, message: string): Damage {
  return { blob: descriptor.digest, part: 'manifest', kind: 'malformed', message };
}

async function readLayers(
  files: LayoutFiles,
  claims: readonly LayerClaim[],
  { signal, cache, limits = layerLimits }: LoadImageOptions,
): Promise<Layer[]> {
  const ranges = await Promise.all(claims.map(({ digest }) => files.locate(blobName(digest))));
  const jobs = claims.flatMap((claim, index) => {
    const range: BlobRange | undefined = ranges[index];
    return range ? [{ claim, range, limits }] : [];
  });
  const examined = await examineLayers(jobs, cache ? { signal, cache } : { signal });
  const results = examined.values();
  return claims.map((claim, index) => {
    const missing = damagedLayer(claim, { kind: 'missing', message: 'it is not in the layout' });
    return ranges[index] ? (results.next().value ?? missing) : missing;
  });
}

/** Puts an image together from what was read of it. */
export function imageOf(
  identity: Pick<Target, 'name' | 'digest' | 'source'>,
  config: ImageConfig | null,
  layers: readonly Layer[],
  damage: readonly Damage[],
): Image {
  const ofLayers = layers.flatMap((layer): Damage[] =>
    layer.damage ? [{ ...layer.damage, blob: layer.digest, part: 'layer' }] : [],
  );
  const filesystem = mergeLayers(layers);
  const all = [...damage, ...ofLayers];
  return { kind: 'image', ...identity, config, layers, filesystem, damage: all };
}
