import { Fault } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectsOf, parseObject, textOf } from '../../core/json.ts';
import { choosePlatform, hostPlatform, namesPlatform, type Platform } from '../../core/platform.ts';
import { type ImageFiles, readRange } from './blobs.ts';
import {
  type Damage,
  type Descriptor,
  descriptorOf,
  isDamage,
  maxJson,
  readBlob,
} from './layout.ts';
import { isNameOf } from './names.ts';

const maxManifests = 1000;
const maxNesting = 8;

/** The manifest that was chosen, and what else there was to choose from. */
export interface Chosen extends Candidate {
  /** Platforms of the images that go by the same name or digest, as far as they are described. */
  readonly platforms: readonly Platform[];
}

/** Which image of a place is meant. */
export interface Wanted {
  /** Of the place, for messages. */
  readonly path: string;
  /** A tag, or a name with or without one; every image when undefined. */
  readonly name?: string;
  /** Of a manifest, or of an index above it. */
  readonly digest?: string;
  /** The one of this machine when undefined. */
  readonly platform?: Platform;
}

/** A manifest, and how the layout leads to it. */
export interface Candidate {
  readonly descriptor: Descriptor;
  /** Digests of the indexes above. */
  readonly within: readonly string[];
  readonly names: readonly string[];
}

/**
 * The manifest that is wanted: by name or digest, then for the platform.
 * @throws Fault `image-unreadable` when it is no layout or holds no image for that platform,
 * `usage-invalid` when it holds several images and none is named.
 */
export async function chooseManifest(files: ImageFiles, wanted: Wanted): Promise<Chosen | Damage> {
  const index = await readTop(files, wanted);
  const damaged: Damage[] = [];
  const read = new Set<string>();
  const all = await flatten(files, index, { within: [], names: [], depth: 0, read }, damaged);
  const meant = all.filter((candidate) => isMeant(candidate, wanted));
  if (meant.length === 0) {
    const [damage] = damaged;
    if (damage) return damage;
    throw new Fault('image-unreadable', `${wanted.path}: ${nothingThere(all, wanted)}`);
  }
  const names = new Set(meant.map((candidate) => candidate.names.join(' ')));
  const digests = new Set(meant.map(({ descriptor }) => descriptor.digest));
  if (names.size > 1 && digests.size > 1) throw severalImages(wanted.path, [...names]);
  const platforms = meant.flatMap(({ descriptor }) => descriptor.platform ?? []);
  return { ...ofPlatform(meant, wanted), platforms };
}

export function severalImages(path: string, names: readonly string[]): Fault {
  return new Fault(
    'usage-invalid',
    `${path} holds several images; name one as oci:${path}:TAG (${names.join(', ')})`,
  );
}

function ofPlatform(candidates: readonly Candidate[], { path, platform }: Wanted): Candidate {
  const [only] = candidates;
  const digests = new Set(candidates.map(({ descriptor }) => descriptor.digest));
  // A single image is taken as it is; whether it is for the platform its config says.
  if (only && digests.size === 1) return only;
  const wanted = platform ?? hostPlatform();
  const described = candidates.map((candidate) => ({
    candidate,
    platform: candidate.descriptor.platform,
  }));
  const chosen = choosePlatform(described, wanted)?.candidate;
  if (chosen) {
    const rivals = candidates.filter((one) => isRival(one, chosen));
    if (rivals.length === 0) return chosen;
    throw severalImages(
      path,
      [chosen, ...rivals].map(({ descriptor }) => descriptor.digest),
    );
  }
  const there = described.map(({ platform: one }) => (one ? namesPlatform(one) : 'unknown'));
  throw new Fault(
    'image-unreadable',
    `${path}: no image for ${namesPlatform(wanted)}; there is ${there.join(', ')}; name one with --platform, or as oci:${path}@DIGEST`,
  );
}

/** Another image for the same platform, with nothing to tell which is meant. */
function isRival({ descriptor, within }: Candidate, chosen: Candidate): boolean {
  const [one, other] = [descriptor.platform, chosen.descriptor.platform];
  return (
    descriptor.digest !== chosen.descriptor.digest &&
    within.join() === chosen.within.join() &&
    one !== null &&
    other !== null &&
    namesPlatform(one) === namesPlatform(other)
  );
}

async function readTop(files: ImageFiles, place: Pick<Wanted, 'path'>): Promise<JsonObject> {
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
  files: ImageFiles,
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
    if (!descriptor || isBeside(descriptor, entry)) continue;
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

/**
 * What lies beside the images of an index: provenance and bills of materials of BuildKit, artifacts, and what is
 * named or marked as cosign and lists of referrers are.
 */
function isBeside({ annotations, platform }: Descriptor, entry: JsonObject): boolean {
  return (
    'vnd.docker.reference.type' in annotations ||
    platform?.os === 'unknown' ||
    textOf(fieldOf(entry, 'artifactType')) !== undefined ||
    /^dev\.cosignproject\.cosign\/(?:sigs|atts)$/.test(annotations.kind ?? '') ||
    /(?:^|:)sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/.test(
      annotations['org.opencontainers.image.ref.name'] ?? '',
    )
  );
}

function namesOf({ annotations }: Descriptor): string[] {
  const keys = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];
  return keys.flatMap((key) => annotations[key] ?? []);
}

function isMeant({ descriptor, within, names }: Candidate, { name, digest }: Wanted): boolean {
  if (digest !== undefined) return descriptor.digest === digest || within.includes(digest);
  return name === undefined || names.some((one) => isNameOf(one, name));
}

function nothingThere(all: readonly Candidate[], { name, digest }: Wanted): string {
  if (all.length === 0) return 'the layout holds no image';
  const names = all.flatMap((candidate) => candidate.names);
  return `no image is named ${name ?? digest}${names.length > 0 ? `; there is ${names.join(', ')}` : ''}`;
}
