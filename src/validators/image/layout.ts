import { isDigest, sha256 } from '../../core/digest.ts';
import { fieldOf, type JsonObject, objectOf, textMapOf, textOf } from '../../core/json.ts';
import { parsePlain } from '../../core/plain-json.ts';
import type { Platform } from '../../core/platform.ts';
import { type ImageFiles, readRange } from './blobs.ts';
import type { LayerDamage } from './layer.ts';

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly platform: Platform | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A blob that is not what names it, so that nothing it holds can be relied on. */
export interface Damage extends LayerDamage {
  /** Digest of the blob, as its descriptor has it. */
  readonly blob: string;
  readonly part: 'index' | 'manifest' | 'config' | 'layer';
}

/** Bytes of a manifest, an index or a config; the distribution specification asks for 4 MiB. */
export const maxJson = 4 * 1024 * 1024;

export function descriptorOf(json: JsonObject | undefined): Descriptor | undefined {
  const digest = textOf(fieldOf(json, 'digest'));
  const size = fieldOf(json, 'size');
  if (!digest || !isDigest(digest) || !Number.isSafeInteger(size)) return undefined;
  const platform = objectOf(fieldOf(json, 'platform'));
  return {
    digest,
    size: Number(size),
    mediaType: textOf(fieldOf(json, 'mediaType')) ?? '',
    platform: platform ? platformOf(platform) : null,
    annotations: textMapOf(fieldOf(json, 'annotations')),
  };
}

function platformOf(json: JsonObject): Platform {
  const text = (name: string) => textOf(fieldOf(json, name)) ?? '';
  const variant = text('variant');
  return { os: text('os'), architecture: text('architecture'), ...(variant && { variant }) };
}

/** A digest is checked before it becomes part of a path (see {@link descriptorOf}). */
export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** Reads a JSON blob and verifies it; what is wrong with it comes back as damage. */
export async function readBlob(
  files: ImageFiles,
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
  const message = 'it is no JSON object, or names a field twice';
  return parsePlain(bytes.toString()) ?? damage('malformed', message);
}

export function isDamage(value: JsonObject | Damage): value is Damage {
  return 'kind' in value && 'blob' in value && 'part' in value;
}
