import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  busybox,
  type ImageFile,
  pushBlob,
  pushImage,
  pushManifest,
} from '../../scripts/testbed/images.ts';
import { sha256 } from '../../src/core/digest.ts';
import { fieldOf, objectOf, objectsOf, parseObject, textOf } from '../../src/core/json.ts';

const indexMedia = 'application/vnd.oci.image.index.v1+json';
const manifestMedia = 'application/vnd.oci.image.manifest.v1+json';
const applets = ['sh', 'sleep', 'httpd', 'cat', 'echo', 'nc'];

export interface TestImagePlan {
  /** Beside busybox and its links in `/bin`. */
  readonly files?: readonly ImageFile[];
  /** Without the links: no command is found by its name. */
  readonly bare?: boolean;
  /** The `config` object of the image configuration; without, the image runs a shell. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * Pushes a small image with a shell.
 * @param registry `HOST:PORT` of one that speaks plain HTTP
 * @returns the digest of the manifest
 */
export async function pushTestImage(
  registry: string,
  repository: string,
  tag: string,
  { files = [], bare = false, config = { Cmd: ['/bin/sh'] } }: TestImagePlan = {},
): Promise<string> {
  const links = applets.map((name): ImageFile => ({ path: `bin/${name}`, link: 'busybox' }));
  return pushImage(`http://${registry}`, repository, tag, {
    files: [await busybox(), ...(bare ? [] : links), ...files],
    config,
  });
}

/**
 * Pushes the image of an OCI layout folder as it stands.
 * @returns the digest of what the layout's index names, which must be one
 */
export async function pushLayout(
  folder: string,
  registry: string,
  repository: string,
  tag: string,
): Promise<string> {
  const index = parseObject(await readFile(join(folder, 'index.json'), 'utf8'));
  const [descriptor, ...more] = objectsOf(fieldOf(index, 'manifests'));
  const digest = textOf(fieldOf(descriptor, 'digest'));
  if (digest === undefined || more.length > 0) throw new Error(`${folder} names no single image`);
  const blob = (name: string) => readFile(join(folder, 'blobs', name.replace(':', '/')));
  const bytes = await blob(digest);
  const manifest = parseObject(bytes.toString());
  const parts = [objectOf(fieldOf(manifest, 'config')), ...objectsOf(fieldOf(manifest, 'layers'))];
  for (const part of parts) {
    await pushBlob(
      `http://${registry}`,
      repository,
      await blob(textOf(fieldOf(part, 'digest')) ?? ''),
    );
  }
  const mediaType = textOf(fieldOf(manifest, 'mediaType')) ?? manifestMedia;
  return pushManifest(`http://${registry}`, repository, tag, bytes, mediaType);
}

export interface IndexEntry {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  /** Of an image that is in the repository already. */
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** @returns the digest of the index */
export async function pushIndex(
  registry: string,
  repository: string,
  tag: string,
  entries: readonly IndexEntry[],
): Promise<string> {
  const manifests = await Promise.all(
    entries.map(async ({ digest, annotations, ...platform }) => {
      const url = `http://${registry}/v2/${repository}/manifests/${digest}`;
      const response = await fetch(url, { headers: { accept: manifestMedia } });
      const { byteLength: size } = await response.arrayBuffer();
      return {
        mediaType: manifestMedia,
        digest,
        size,
        platform,
        ...(annotations && { annotations }),
      };
    }),
  );
  const index = JSON.stringify({ schemaVersion: 2, mediaType: indexMedia, manifests });
  return pushManifest(`http://${registry}`, repository, tag, index, indexMedia);
}

export interface ArtifactLayer {
  readonly mediaType: string;
  readonly bytes: string | Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ArtifactPlan {
  /** What it refers to; nothing when undefined. */
  readonly subject?: string;
  readonly artifactType?: string;
  /** Its name; without, it has only its digest. */
  readonly tag?: string;
  readonly layers: readonly ArtifactLayer[];
}

/**
 * Pushes a manifest of documents, as ORAS and cosign do.
 * @returns its descriptor, as a list of referrers has it
 */
export async function pushArtifact(
  registry: string,
  repository: string,
  { subject, artifactType, tag, layers }: ArtifactPlan,
) {
  const described = layers.map(({ bytes, ...layer }) => {
    const content = Buffer.from(bytes);
    return { content, layer: { ...layer, digest: sha256(content), size: content.length } };
  });
  const empty = Buffer.from('{}');
  const contents = new Map(
    [empty, ...described.map(({ content }) => content)].map((one) => [sha256(one), one]),
  );
  for (const content of contents.values())
    await pushBlob(`http://${registry}`, repository, content);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestMedia,
    ...(artifactType !== undefined && { artifactType }),
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: 2 },
    layers: described.map(({ layer }) => layer),
    ...(subject !== undefined && {
      subject: { mediaType: manifestMedia, digest: subject, size: 1 },
    }),
  });
  const digest = sha256(manifest);
  await pushManifest(`http://${registry}`, repository, tag ?? digest, manifest, manifestMedia);
  return { mediaType: manifestMedia, digest, size: Buffer.byteLength(manifest), artifactType };
}

/** The text of an index of manifests. */
export function indexOf(manifests: readonly object[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: indexMedia, manifests });
}

/** Lists what refers to a manifest where a registry has no interface for it. */
export async function pushReferrers(
  registry: string,
  repository: string,
  subject: string,
  manifests: readonly object[],
): Promise<void> {
  const tag = subject.replace(':', '-');
  await pushManifest(`http://${registry}`, repository, tag, indexOf(manifests), indexMedia);
}
