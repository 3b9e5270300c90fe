import { createHash } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from './config.ts';
import type { Layer } from './layer.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What a local store calls an image. */
export interface ImageName {
  /** Such as `registry.example.com/shop`. */
  readonly repository: string;
  readonly version: string;
}

const mediaType = (name: string): string => `application/vnd.oci.image.${name}`;

export const blobsFolder = (folder: string): string => join(folder, 'blobs/sha256');

/** An empty layout folder, ready for blobs. */
export async function startLayout(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(blobsFolder(folder), { recursive: true });
}

/** Completes a layout whose own layers are in place; returns the digest of its manifest. */
export async function finishLayout(
  folder: string,
  config: object,
  layers: readonly Layer[],
  { repository, version }: ImageName,
): Promise<string> {
  const blobs = blobsFolder(folder);
  for (const { file, digest } of layers) {
    const target = join(blobs, digest);
    // A shared layer lies elsewhere; a link costs neither time nor space.
    if (file !== target) await link(file, target);
  }
  const manifest = await writeBlob(blobs, mediaType('manifest.v1+json'), {
    schemaVersion: 2,
    mediaType: mediaType('manifest.v1+json'),
    config: await writeBlob(blobs, mediaType('config.v1+json'), config),
    layers: layers.map(({ digest, size }) => ({
      mediaType: mediaType('layer.v1.tar+gzip'),
      digest: `sha256:${digest}`,
      size,
    })),
  });
  const annotations = {
    'org.opencontainers.image.ref.name': version,
    // The full name, for tools that load the layout into a local store.
    'io.containerd.image.name': `${repository}:${version}`,
  };
  await writeJson(join(folder, 'index.json'), {
    schemaVersion: 2,
    mediaType: mediaType('index.v1+json'),
    manifests: [{ ...manifest, platform, annotations }],
  });
  await writeJson(join(folder, 'oci-layout'), { imageLayoutVersion: '1.0.0' });
  return manifest.digest;
}

async function writeBlob(blobs: string, mediaType: string, value: object): Promise<Descriptor> {
  const text = JSON.stringify(value);
  const digest = createHash('sha256').update(text).digest('hex');
  await writeFile(join(blobs, digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}

const writeJson = (file: string, value: object): Promise<void> =>
  writeFile(file, JSON.stringify(value));
