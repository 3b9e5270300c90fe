import type { Manifest, Registry } from '../../adapters/registry/registry.ts';
import { isDigest } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectsOf, parseObject } from '../../core/json.ts';
import { parsePlain } from '../../core/plain-json.ts';
import { hostPlatform, namesPlatform, type Platform } from '../../core/platform.ts';
import { formatReference, type ImageReference } from '../../core/reference.ts';
import type { BlobRange } from './blobs.ts';
import { type Described, describeManifest } from './described.ts';
import type { LayerClaim } from './layer.ts';
import { type Damage, type Descriptor, descriptorOf, maxJson } from './layout.ts';
import { shortRepository } from './names.ts';
import { maxSpooled, type Spool } from './spool.ts';

export interface FromRegistry {
  readonly registry: Registry;
  readonly spool: Spool;
  readonly platform?: Platform | undefined;
  readonly signal: AbortSignal;
}

/**
 * An image of a registry. Every byte is verified as it comes, and a layer lies in the spool while it
 * is read.
 * @returns undefined when the registry has no such image
 * @throws Fault `registry-unreachable`, `registry-denied`, `registry-failed`, `image-unreadable` (not
 * for the platform), `output-unwritable`
 */
export async function describeInRegistry(
  reference: ImageReference,
  from: FromRegistry,
): Promise<Described | undefined> {
  const { registry, signal } = from;
  const top = await registry.manifest(reference, signal);
  if (!top) return undefined;
  const manifest = top.isIndex ? await ofPlatform(reference, top, from) : top;
  const json = parseObject(Buffer.from(manifest.bytes).toString()) ?? {};
  return describeManifest(manifest, json, {
    source: `registry:${formatReference({ ...reference, digest: manifest.digest })}`,
    repository: shortRepository(reference),
    platforms: top.isIndex ? platformsIn(top) : [],
    ...(await tagOf(reference, from)),
    within: top === manifest ? [] : [top.digest],
    json: (blob, part) => readSmallBlob(reference, blob, part, from),
    layer: fetching(reference, from),
  });
}

async function ofPlatform(
  reference: ImageReference,
  index: Manifest,
  { registry, platform = hostPlatform(), signal }: FromRegistry,
): Promise<Manifest> {
  const chosen = registry.platform(index, platform);
  const name = formatReference(reference);
  if (!chosen) {
    const there = platformsIn(index).map(namesPlatform).join(', ');
    throw new Fault(
      'image-unreadable',
      `${name}: no image for ${namesPlatform(platform)}; there is ${there || 'none at all'}; name one with --platform`,
    );
  }
  const manifest = await registry.manifest({ ...reference, digest: chosen.digest }, signal);
  if (!manifest || manifest.isIndex) {
    const what = manifest ? 'is an index again' : 'is not in the registry';
    throw new Fault(
      'registry-failed',
      `${name}: the manifest ${chosen.digest} of its index ${what}`,
    );
  }
  return manifest;
}

/** A digest decides what is pulled; the tag beside it is for people, and may mean something else by now. */
async function tagOf(
  { registry: host, repository, tag, digest }: ImageReference,
  { registry, signal }: FromRegistry,
): Promise<Pick<Described, 'tag'>> {
  if (tag === undefined || digest === undefined) return {};
  const named = await registry.manifest({ registry: host, repository, tag }, signal);
  const listed = named?.isIndex ? entriesOf(named).map((entry) => entry.digest) : [];
  const agrees = named?.digest === digest || listed.includes(digest);
  return { tag: { tag, digest, found: named?.digest ?? null, agrees } };
}

function platformsIn(index: Manifest): Platform[] {
  return entriesOf(index)
    .flatMap(({ platform }) => platform ?? [])
    .filter(({ os }) => os !== 'unknown');
}

function entriesOf(index: Manifest): Descriptor[] {
  const json = parseObject(Buffer.from(index.bytes).toString());
  return objectsOf(fieldOf(json, 'manifests')).flatMap((entry) => descriptorOf(entry) ?? []);
}

async function readSmallBlob(
  reference: ImageReference,
  { digest, size }: Descriptor,
  part: Damage['part'],
  { registry, signal }: FromRegistry,
): Promise<JsonObject | Damage> {
  const damage = (kind: Damage['kind'], message: string): Damage => ({
    ...{ blob: digest, part, kind, message },
  });
  if (size > maxJson) return damage('too-large', `it has ${size} bytes, and ${maxJson} are read`);
  if (!isDigest(digest)) return damage('malformed', 'its digest is none of SHA-256');
  const stream = await registry.blob(reference, { digest, size }, signal);
  if (!stream) return damage('missing', 'the registry does not have it');
  const bytes = Buffer.concat(await stream.toArray({ signal }));
  const message = 'it is no JSON object, or names a field twice';
  return parsePlain(bytes.toString()) ?? damage('malformed', message);
}

/** A layer is fetched when it is wanted, and dropped once it was read. */
function fetching(reference: ImageReference, { registry, spool, signal }: FromRegistry) {
  return ({ digest, size }: LayerClaim) => {
    let kept: BlobRange | undefined;
    return {
      isRemote: true as const,
      async open() {
        if (!isDigest(digest)) return undefined;
        const stream = await registry.blob(reference, { digest, size }, signal);
        kept = stream && (await spool.keep(stream, `layer ${digest}`, Math.min(size, maxSpooled)));
        return kept;
      },
      release: async () => void (kept && (await spool.drop(kept))),
    };
  };
}
