import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  textMapOf,
  textOf,
} from '../../core/json.ts';
import { namesPlatform, type Platform } from '../../core/platform.ts';
import type { BlobRange } from './blobs.ts';
import { configOf, type ImageConfig } from './config.ts';
import type { LayerClaim } from './layer.ts';
import { type Damage, type Descriptor, descriptorOf, isDamage } from './layout.ts';

/** A layer that an image names, and how to get at its bytes. */
export interface LayerSource {
  readonly claim: LayerClaim;
  /** What holds the bytes; a layer of the same digests elsewhere is another copy, to be verified itself. */
  readonly place?: string;
  /** The source itself vouches for the digest: its bytes are fetched, and verified, only to be read. */
  readonly isRemote?: true;
  /** Undefined when the source does not have them. Called once, when they are wanted. */
  open(): Promise<BlobRange | undefined>;
  /** Once they were read. */
  release?(): Promise<void>;
}

/** What a registry says of a reference with a tag and a digest. */
export interface TaggedDigest {
  readonly tag: string;
  /** What the reference pins. */
  readonly digest: string;
  /** What the tag means now; null when there is no such tag any more. */
  readonly found: string | null;
  /** The tag means what is pinned, or the index that holds it. */
  readonly agrees: boolean;
}

/** An image as its source describes it, before a layer was read. */
export interface Described {
  /** Of the manifest; of the config where the source has no manifest. */
  readonly digest: string;
  /** Digest of the config, which engines call the image's id; null when there is no telling. */
  readonly id: string | null;
  /** All the image is known by, from the index down to the config. */
  readonly digests: readonly string[];
  /** For the record, so that a later verification can read it again. */
  readonly source: string;
  /** Name without registry, tag and digest, where the source knows one. */
  readonly repository?: string;
  /** Of the manifest and of what points to it, where there is one. */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Platforms that there are images for where this one was chosen; none where it was not chosen by its platform.
   * Undefined where the source holds the image of one platform alone.
   */
  readonly platforms?: readonly Platform[];
  /** What the tag means that stands beside a digest; undefined where one of both is missing. */
  readonly tag?: TaggedDigest;
  readonly config: ImageConfig | null;
  /** The config itself, where no manifest stands above it. */
  readonly configBytes?: Uint8Array;
  readonly layers: readonly LayerSource[];
  readonly damage: readonly Damage[];
  /**
   * The image itself, where this was put together from what an earlier run kept: to be asked for when not
   * all of its layers were kept.
   */
  readonly whole?: () => Promise<Described>;
}

/** Where the blobs of a manifest come from. */
export interface BlobSource {
  readonly source: string;
  readonly repository?: string;
  readonly platforms?: readonly Platform[];
  readonly tag?: TaggedDigest;
  /** Digests of the indexes above the manifest. */
  readonly within: readonly string[];
  /** A small blob, verified. */
  json(descriptor: Descriptor, part: Damage['part']): Promise<JsonObject | Damage>;
  layer(claim: LayerClaim): Pick<LayerSource, 'open' | 'release' | 'isRemote' | 'place'>;
}

const maxLayers = 500;

/** Media types of layers that may not be handed on, so that images come without them. */
const foreignLayer = /\.foreign\.|\.nondistributable\./;

/** What a manifest says, by https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export async function describeManifest(
  { digest, annotations }: Pick<Descriptor, 'digest'> & Partial<Pick<Descriptor, 'annotations'>>,
  manifest: JsonObject,
  from: BlobSource,
): Promise<Described> {
  const { source, repository, platforms, tag } = from;
  const known = {
    ...{ digest, source, ...(repository !== undefined && { repository }) },
    ...{ ...(platforms && { platforms }), ...(tag && { tag }) },
    annotations: { ...annotations, ...textMapOf(fieldOf(manifest, 'annotations')) },
  };
  const broken = (id: string | null, ...damage: Damage[]): Described => ({
    ...{ ...known, id, digests: digestsOf(from, digest, id) },
    ...{ config: null, layers: [], damage },
  });
  const malformed = (message: string) =>
    ({ blob: digest, part: 'manifest', kind: 'malformed', message }) as const;

  const configBlob = descriptorOf(objectOf(fieldOf(manifest, 'config')));
  const entries = objectsOf(fieldOf(manifest, 'layers'));
  const described = entries.map(descriptorOf);
  const layers = described.filter((layer) => layer !== undefined);
  if (!configBlob || layers.length !== described.length) {
    return broken(null, malformed('it does not describe config and layers'));
  }
  const id = configBlob.digest;
  if (layers.length > maxLayers) {
    return broken(id, malformed(`it names more than ${maxLayers} layers`));
  }
  const json = await from.json(configBlob, 'config');
  if (isDamage(json)) return broken(id, json);
  const config = configOf(json);
  if (!config) {
    const type = textOf(fieldOf(manifest, 'artifactType')) ?? configBlob.mediaType;
    const message = `it lacks architecture, os or rootfs.diff_ids, as the config of an image (${type}) has them`;
    return broken(id, { blob: id, part: 'config', kind: 'malformed', message });
  }
  const whole = { ...known, id, digests: digestsOf(from, digest, id), config };
  if (config.diffIds.length !== layers.length) {
    const message = `it names ${layers.length} layers, and the config ${config.diffIds.length}`;
    return { ...whole, layers: [], damage: [malformed(message)] };
  }
  return {
    ...{ ...whole, damage: [] },
    layers: layers.map(({ digest, size, mediaType }, at) => {
      const isForeign = foreignLayer.test(mediaType);
      const diffId = config.diffIds[at] ?? '';
      const claim: LayerClaim = { digest, size, diffId, ...(isForeign && { isForeign: true }) };
      return { claim, ...from.layer(claim) };
    }),
  };
}

function digestsOf({ within }: BlobSource, manifest: string, id: string | null): string[] {
  return [...within, manifest, ...(id === null ? [] : [id])];
}

/** Why an image is not for a platform that was asked for; undefined when it is, or none was. */
export function platformMismatch(
  config: ImageConfig | null,
  wanted: Platform | undefined,
): string | undefined {
  if (!config || !wanted) return undefined;
  const { os, architecture } = config;
  const isWanted = os === wanted.os && architecture === wanted.architecture;
  return isWanted
    ? undefined
    : `the image is for ${os}/${architecture}, and ${namesPlatform(wanted)} was asked for`;
}
