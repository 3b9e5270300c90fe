import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import type { Image } from './image.ts';
import { imageOfRecipe, type RecipeFile, writeTar } from './recipe.ts';

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-image-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export type LayerContent = readonly RecipeFile[] | Buffer;

export interface LayoutSpec {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly layers: readonly LayerContent[];
  readonly codec?: 'plain' | 'gzip' | 'zstd';
  readonly architecture?: string;
  /** Replaces the diff ids of the config. */
  readonly diffIds?: readonly string[];
}

export interface WrittenImage {
  readonly manifest: string;
  readonly config: string;
  readonly layers: readonly string[];
  /** The manifest's descriptor. */
  readonly descriptor: Readonly<Record<string, unknown>>;
}

const codecs = {
  plain: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gzipSync(bytes),
  zstd: (bytes: Buffer) => zstdCompressSync(bytes),
} as const;

/** Writes config, layers and manifest of one image into the blobs of a layout. */
export async function writeImage(folder: string, spec: LayoutSpec): Promise<WrittenImage> {
  const archives = spec.layers.map((layer) => (Buffer.isBuffer(layer) ? layer : writeTar(layer)));
  const architecture = spec.architecture ?? 'amd64';
  const layers = await Promise.all(
    archives.map((archive) =>
      // The media type is wrong on purpose: the codec is to be told by the bytes.
      writeBlob(folder, codecs[spec.codec ?? 'gzip'](archive), 'application/octet-stream'),
    ),
  );
  const config = await writeJson(folder, 'application/vnd.oci.image.config.v1+json', {
    architecture,
    os: 'linux',
    config: spec.config ?? {},
    rootfs: { type: 'layers', diff_ids: spec.diffIds ?? archives.map((bytes) => sha256(bytes)) },
  });
  const manifest = await writeJson(folder, 'application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    config,
    layers,
  });
  return {
    manifest: manifest.digest,
    config: config.digest,
    layers: layers.map(({ digest }) => digest),
    descriptor: { ...manifest, platform: { os: 'linux', architecture } },
  };
}

export async function writeJson(folder: string, mediaType: string, value: unknown) {
  return writeBlob(folder, Buffer.from(JSON.stringify(value)), mediaType);
}

async function writeBlob(folder: string, bytes: Buffer, mediaType: string) {
  const digest = sha256(bytes);
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
  await writeFile(blobPath(folder, digest), bytes);
  return { mediaType, digest, size: bytes.length };
}

export function blobPath(folder: string, digest: string): string {
  return join(folder, 'blobs', digest.replace(':', '/'));
}

export async function writeIndex(folder: string, manifests: readonly unknown[]): Promise<void> {
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

/** A layout of one image. */
export async function writeLayout(folder: string, spec: LayoutSpec): Promise<WrittenImage> {
  const image = await writeImage(folder, spec);
  await writeIndex(folder, [image.descriptor]);
  return image;
}

export function imageOf(
  config: Readonly<Record<string, unknown>>,
  layers: readonly (readonly unknown[])[] = [],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Image> {
  return imageOfRecipe(JSON.stringify({ config, layers, ...more }));
}
