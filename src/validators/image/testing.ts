import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { createOpenEngine } from '../../adapters/docker/open.ts';
import { createRegistry } from '../../adapters/registry/distribution.ts';
import type { Check } from '../../core/check.ts';
import { sha256 } from '../../core/digest.ts';
import { createRedactor } from '../../core/redact.ts';
import { createScope } from '../../core/scope.ts';
import { examine } from '../secret/testing.ts';
import type { Image } from './image.ts';
import { type ImageSystems, type LoadImageOptions, loadImage } from './load.ts';
import { imageOfRecipe, type RecipeFile, writeTar } from './recipe.ts';

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-image-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An engine at a host, and registries without credentials. */
export const systemsAt = (engine: string): ImageSystems => ({
  engine: async () => createOpenEngine({ DOCKER_HOST: engine }),
  registry: async () => {
    const credentials = async () => ({ where: 'no place at all' });
    return createRegistry({ credentials, redact: createRedactor() });
  },
});

/** Loads an image; there is no engine when none is given. */
export async function load(
  reference: string,
  {
    engine = 'unix:///no-such-folder/docker.sock',
    ...options
  }: Partial<LoadImageOptions> & {
    readonly root: string;
    readonly engine?: string;
  },
): Promise<Image> {
  await using scope = createScope();
  const { signal } = new AbortController();
  return await loadImage(reference, { signal, scope, systems: systemsAt(engine), ...options });
}

export type LayerContent = readonly RecipeFile[] | Buffer;

export interface LayoutSpec {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly layers: readonly LayerContent[];
  readonly codec?: 'plain' | 'gzip' | 'zstd';
  readonly architecture?: string;
  /** Replaces the diff ids of the config. */
  readonly diffIds?: readonly string[];
  readonly layerType?: string;
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
      writeBlob(
        folder,
        codecs[spec.codec ?? 'gzip'](archive),
        spec.layerType ?? 'application/octet-stream',
      ),
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

/**
 * An archive as `docker save` wrote it before Engine 25.
 * @param names such as `shop:1`
 */
export function writeSaved(spec: LayoutSpec, names: readonly string[] = []): Buffer {
  const archives = spec.layers.map((layer) => (Buffer.isBuffer(layer) ? layer : writeTar(layer)));
  const config = Buffer.from(
    JSON.stringify({
      architecture: spec.architecture ?? 'amd64',
      os: 'linux',
      config: spec.config ?? {},
      rootfs: { type: 'layers', diff_ids: spec.diffIds ?? archives.map((bytes) => sha256(bytes)) },
    }),
  );
  const id = `${sha256(config).slice('sha256:'.length)}.json`;
  const files = archives.map((bytes, at) => ({
    path: `${at}/layer.tar`,
    content: codecs[spec.codec ?? 'plain'](bytes),
  }));
  const entry = { Config: id, RepoTags: names, Layers: files.map(({ path }) => path) };
  return writeTar([
    ...files,
    { path: id, content: config },
    { path: 'manifest.json', content: JSON.stringify([entry]) },
  ]);
}

/** A small ELF file of a processor: an optional loader, and what is needed of libraries. All of it is ASCII. */
export function elf(machine: number, { loader, needed = [], runpath }: ElfSpec = {}): string {
  const names = ['', ...needed, ...(runpath === undefined ? [] : [runpath])];
  const table = `${names.join('\0')}\0`;
  const offsetOf = (name: string) => table.indexOf(`\0${name}\0`) + 1;
  const entries: (readonly [number, number])[] = [
    ...needed.map((name) => [1, offsetOf(name)] as const),
    ...(runpath === undefined ? [] : [[29, offsetOf(runpath)] as const]),
    [5, 1024],
    [10, table.length],
    [0, 0],
  ];
  const isDynamic = loader !== undefined || needed.length > 0;
  const segments = [
    ...(loader === undefined ? [] : [[3, 512, loader.length + 1] as const]),
    ...(isDynamic ? [[2, 2048, entries.length * 16] as const] : []),
    [1, 0, 3072] as const,
  ];
  const bytes = Buffer.alloc(isDynamic ? 3072 : 512);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(segments.length, 56);
  segments.forEach(([type, offset, size], index) => {
    const at = 64 + index * 56;
    bytes.writeUInt32LE(type, at);
    bytes.writeBigUInt64LE(BigInt(offset), at + 8);
    bytes.writeBigUInt64LE(BigInt(offset), at + 16);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
  });
  if (isDynamic) {
    bytes.write(`${loader ?? ''}\0`, 512, 'latin1');
    bytes.write(table, 1024, 'latin1');
    entries.forEach(([tag, value], index) => {
      bytes.writeBigUInt64LE(BigInt(tag), 2048 + index * 16);
      bytes.writeBigUInt64LE(BigInt(value), 2056 + index * 16);
    });
  }
  return bytes.toString('latin1');
}

export interface ElfSpec {
  readonly loader?: string;
  readonly needed?: readonly string[];
  readonly runpath?: string;
}

/** Message ids and the places of what a rule says of a recipe. */
export async function saidOf(
  check: Check<Image>,
  given: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<readonly string[]> {
  const image = await imageOfRecipe(JSON.stringify({ config: {}, layers: [], ...given }));
  const { findings, outcomes, notExamined, notMeant } = await examine(check, image, options);
  const fault = outcomes[0]?.fault;
  return [
    ...findings.map(({ messageId }) => messageId),
    ...notExamined.map(() => 'not examined'),
    ...notMeant.map(() => 'skipped'),
    ...(fault ? [fault.code] : []),
  ];
}
