import { isDigest, sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textMapOf,
  textOf,
} from '../../core/json.ts';
import type { LayerDamage } from './layer.ts';
import { type ImagePlace, type LayoutFiles, readRange } from './source.ts';

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly platform: { readonly os: string; readonly architecture: string } | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A blob that is not what names it, so that nothing it holds can be relied on. */
export interface Damage extends LayerDamage {
  /** Digest of the blob, as its descriptor has it. */
  readonly blob: string;
  readonly part: 'index' | 'manifest' | 'config' | 'layer';
}

/** Bytes of a manifest, an index or a config; the distribution specification asks for 4 MiB. */
const maxJson = 4 * 1024 * 1024;

const maxManifests = 1000;
const maxNesting = 8;

export function descriptorOf(json: JsonObject | undefined): Descriptor | undefined {
  const digest = textOf(fieldOf(json, 'digest'));
  const size = fieldOf(json, 'size');
  if (!digest || !isDigest(digest) || !Number.isSafeInteger(size)) return undefined;
  const platform = objectOf(fieldOf(json, 'platform'));
  return {
    digest,
    size: Number(size),
    mediaType: textOf(fieldOf(json, 'mediaType')) ?? '',
    platform: platform
      ? {
          os: textOf(fieldOf(platform, 'os')) ?? '',
          architecture: textOf(fieldOf(platform, 'architecture')) ?? '',
        }
      : null,
    annotations: textMapOf(fieldOf(json, 'annotations')),
  };
}

/** A digest is checked before it becomes part of a path (see {@link descriptorOf}). */
export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** Reads a JSON blob and verifies it; what is wrong with it comes back as damage. */
export async function readBlob(
  files: LayoutFiles,
  descriptor: Descriptor,
  part: Damage['part'],
): Promise<JsonObject | Damage> {
  const damage = (kind: Damage['kind'], message: string): Damage => ({
    blob: descriptor.digest,
    part,
    kind,
    message,
  });
  const range = await files.locate(blobName(descriptor.digest));
  if (!range) return damage('missing', 'it is not in the layout');
  if (range.size < descriptor.size) {
    return damage('truncated', `it has ${range.size} of ${descriptor.size} bytes`);
  }
  const bytes = await readRange(range, maxJson);
  if (!bytes) return damage('too-large', `it has ${range.size} bytes, and ${maxJson} are read`);
  if (sha256(bytes) !== descriptor.digest) {
    return damage('digest', 'its bytes do not have the digest that names them');
  }
  return parseObject(bytes.toString()) ?? damage('malformed', 'it is no JSON object');
}

export function isDamage(value: JsonObject | Damage): value is Damage {
  return 'kind' in value && 'blob' in value && 'part' in value;
}

interface Candidate {
  readonly descriptor: Descriptor;
  /** Digests of the indexes above. */
  readonly within: readonly string[];
  readonly names: readonly string[];
}

/**
 * The manifest that a place names: by tag or digest, then for Linux on this machine's processor.
 * @throws Fault `image-unreadable` when it is no layout or holds no image for that platform,
 * `usage-invalid` when it holds several images and none is named.
 */
export async function chooseManifest(
  files: LayoutFiles,
  place: ImagePlace,
): Promise<Descriptor | Damage> {
  const index = await readTop(files, place);
  const damaged: Damage[] = [];
  const read = new Set<string>();
  const all = await flatten(files, index, { within: [], names: [], depth: 0, read }, damaged);
  const named = all.filter((candidate) => isNamed(candidate, place));
  if (named.length === 0) {
    const [damage] = damaged;
    if (damage) return damage;
    throw new Fault('image-unreadable', `${place.path}: ${nothingThere(all, place)}`);
  }
  const names = new Set(named.map((candidate) => candidate.names.join(' ')));
  if (names.size > 1) {
    throw new Fault(
      'usage-invalid',
      `${place.path} holds several images; name one as oci:${place.path}:TAG (${[...names].join(', ')})`,
    );
  }
  return ofPlatform(named, place);
}

function ofPlatform(candidates: readonly Candidate[], place: ImagePlace): Descriptor {
  const descriptors = candidates.map((candidate) => candidate.descriptor);
  const [only] = descriptors;
  if (only && descriptors.length === 1) return only;
  const architecture = hostArchitecture();
  const fitting = descriptors.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
  );
  if (fitting) return fitting;
  const there = descriptors.map(({ platform }) =>
    platform ? `${platform.os}/${platform.architecture}` : 'unknown',
  );
  throw new Fault(
    'image-unreadable',
    `${place.path}: no image for linux/${architecture}; there is ${there.join(', ')}; name one as oci:${place.path}@DIGEST`,
  );
}

/** Go's names, as image configs use them, where Node's differ. */
const goNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

function hostArchitecture(): string {
  return goNames[process.arch] ?? process.arch;
}

async function readTop(files: LayoutFiles, place: ImagePlace): Promise<JsonObject> {
  const marker = await files.locate('oci-layout');
  const range = await files.locate('index.json');
  if (!marker || !range) {
    throw new Fault(
      'image-unreadable',
      `${place.path}: no ${marker ? 'index.json' : 'oci-layout'} file`,
    );
  }
  const bytes = await readRange(range, maxJson);
  const index = bytes && parseObject(bytes.toString());
  if (!index) throw new Fault('image-unreadable', `${place.path}: index.json is no JSON object`);
  return index;
}

async function flatten(
  files: LayoutFiles,
  index: JsonObject,
  above: {
    within: readonly string[];
    names: readonly string[];
    depth: number;
    /** Digests of the nested indexes read so far: one that is listed again says nothing new. */
    read: Set<string>;
  },
  damaged: Damage[],
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const entry of objectsOf(fieldOf(index, 'manifests')).slice(0, maxManifests)) {
    const descriptor = descriptorOf(entry);
    if (!descriptor || isAttestation(descriptor)) continue;
    const own = namesOf(descriptor);
    const names = own.length > 0 ? own : above.names;
    if (!isIndex(descriptor)) {
      found.push({ descriptor, within: above.within, names });
      continue;
    }
    if (above.read.has(descriptor.digest) || above.read.size >= maxManifests) continue;
    above.read.add(descriptor.digest);
    const nested = await readBlob(files, descriptor, 'index');
    if (isDamage(nested)) damaged.push(nested);
    else if (above.depth < maxNesting && found.length < maxManifests) {
      const within = [...above.within, descriptor.digest];
      found.push(
        ...(await flatten(
          files,
          nested,
          { within, names, depth: above.depth + 1, read: above.read },
          damaged,
        )),
      );
    }
  }
  return found;
}

function isIndex({ mediaType }: Descriptor): boolean {
  return (
    mediaType === 'application/vnd.oci.image.index.v1+json' ||
    mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'
  );
}

/** BuildKit stores provenance and bills of materials beside the images of an index. */
function isAttestation({ annotations, platform }: Descriptor): boolean {
  return 'vnd.docker.reference.type' in annotations || platform?.os === 'unknown';
}

function namesOf({ annotations }: Descriptor): string[] {
  const keys = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];
  return keys.flatMap((key) => annotations[key] ?? []);
}

function isNamed({ descriptor, within, names }: Candidate, { tag, digest }: ImagePlace): boolean {
  if (digest !== undefined) return descriptor.digest === digest || within.includes(digest);
  return tag === undefined || names.some((name) => name === tag || name.endsWith(`:${tag}`));
}

function nothingThere(all: readonly Candidate[], { tag, digest }: ImagePlace): string {
  if (all.length === 0) return 'the layout holds no image';
  const names = all.flatMap((candidate) => candidate.names);
  return `no image is named ${tag ?? digest}${names.length > 0 ? `; there is ${names.join(', ')}` : ''}`;
}
