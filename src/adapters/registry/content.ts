import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { type Digest, isDigest, sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import {
  fieldOf,
  type JsonObject,
  objectOf,
  parseObject,
  textMapOf,
  textOf,
} from '../../core/json.ts';
import { parsePlain } from '../../core/plain-json.ts';
import { choosePlatform, type Platform } from '../../core/platform.ts';
import type { Descriptor, Manifest } from './registry.ts';

/** Bytes; the distribution specification asks registries to take manifests of up to 4 MiB. */
export const maxManifest = 4 * 1024 * 1024;

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
export const acceptManifests = [...manifestTypes, ...indexTypes].join(', ');

/**
 * A manifest whose bytes have the digest it is asked for by, or that the registry gives it.
 * @param from for messages: host and name
 * @throws Fault `registry-failed`
 */
export function manifestOf(
  bytes: Uint8Array,
  answer: { readonly contentType: string | null; readonly digest: string | null },
  wanted: Digest | undefined,
  from: string,
): Manifest {
  const digest = sha256(bytes);
  const claimed = wanted ?? answer.digest;
  if (claimed !== null && claimed !== digest) {
    throw new Fault(
      'registry-failed',
      `${from}: the manifest sent does not have the digest ${claimed}`,
    );
  }
  const json = parsePlain(Buffer.from(bytes).toString());
  if (!json) {
    const why = 'the manifest is no JSON object, or names a field twice';
    throw new Fault('registry-failed', `${from}: ${why}`);
  }
  const own = textOf(fieldOf(json, 'mediaType'));
  const mediaType = mediaTypeOf(answer.contentType) ?? own ?? '';
  if (fieldOf(json, 'schemaVersion') === 1 || mediaType.includes('manifest.v1+')) {
    if (!manifestTypes.includes(mediaType)) throw schemaOne(from);
  }
  // Read one way by us and another by the cluster, it would be two images.
  if (own !== undefined && own !== mediaType) {
    throw new Fault('registry-failed', `${from}: sent as ${mediaType}, and calls itself ${own}`);
  }
  const isIndex = indexTypes.includes(mediaType);
  if (!isIndex && !manifestTypes.includes(mediaType)) {
    throw new Fault('registry-failed', `${from}: ${mediaType || 'no media type'} is no manifest`);
  }
  const artifactType = textOf(fieldOf(json, 'artifactType'));
  return {
    bytes,
    digest,
    mediaType,
    size: bytes.length,
    isIndex,
    annotations: textMapOf(fieldOf(json, 'annotations')),
    ...(artifactType !== undefined && { artifactType }),
  };
}

function schemaOne(from: string): Fault {
  return new Fault(
    'registry-failed',
    `${from}: a schema 1 manifest, which no current engine runs; build and push it again`,
  );
}

/** The media type without its parameters; a plain JSON type says nothing. */
export function mediaTypeOf(contentType: string | null): string | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === undefined || ['', 'application/json', 'text/plain'].includes(type)
    ? undefined
    : type;
}

/** The manifests of an index that stand for images: attestations are kept beside them. */
function imagesOf(index: Manifest): Descriptor[] {
  return descriptorsIn(index.bytes, 'manifests').filter(
    ({ annotations, platform }) =>
      !('vnd.docker.reference.type' in annotations) && platform?.os !== 'unknown',
  );
}

export function platformOf(manifest: Manifest, wanted: Platform): Descriptor | undefined {
  return manifest.isIndex ? choosePlatform(imagesOf(manifest), wanted) : manifest;
}

export function descriptorsIn(bytes: Uint8Array, field: string): Descriptor[] {
  const entries = fieldOf(parseObject(Buffer.from(bytes).toString()), field);
  return Array.isArray(entries) ? descriptorsOf(entries) : [];
}

export function descriptorsOf(entries: readonly unknown[]): Descriptor[] {
  return entries.flatMap((entry) => descriptorOf(objectOf(entry)) ?? []);
}

export function descriptorOf(json: JsonObject | undefined): Descriptor | undefined {
  const digest = textOf(fieldOf(json, 'digest'));
  const size = fieldOf(json, 'size');
  if (digest === undefined || !isDigest(digest) || !Number.isSafeInteger(size)) return undefined;
  const platform = objectOf(fieldOf(json, 'platform'));
  const variant = textOf(fieldOf(platform, 'variant'));
  const artifactType = textOf(fieldOf(json, 'artifactType'));
  return {
    mediaType: textOf(fieldOf(json, 'mediaType')) ?? '',
    digest,
    size: Number(size),
    annotations: textMapOf(fieldOf(json, 'annotations')),
    ...(artifactType !== undefined && { artifactType }),
    ...(platform && {
      platform: {
        os: textOf(fieldOf(platform, 'os')) ?? '',
        architecture: textOf(fieldOf(platform, 'architecture')) ?? '',
        ...(variant && { variant }),
      },
    }),
  };
}

/** Passes bytes on and fails when they are not those the digest names. */
export function verifying(wanted: { digest: Digest; size?: number }, from: string): Transform {
  const hash = createHash('sha256');
  let size = 0;
  const problem = (message: string) => new Fault('registry-failed', `${from}: ${message}`);
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      size += chunk.length;
      if (wanted.size !== undefined && size > wanted.size) {
        done(problem(`more than the ${wanted.size} bytes it should have`));
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      if (wanted.size !== undefined && size < wanted.size) {
        done(problem(`${size} of ${wanted.size} bytes`));
      } else if (`sha256:${hash.digest('hex')}` !== wanted.digest) {
        done(problem('its bytes do not have the digest that names them'));
      } else done();
    },
  });
}
