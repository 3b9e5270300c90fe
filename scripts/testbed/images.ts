import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { Problem } from './problem.ts';

/** A file of an image: path without a leading slash, mode, and content or the target of a link. */
export interface ImageFile {
  readonly path: string;
  readonly mode?: number;
  readonly content?: string | Uint8Array;
  readonly link?: string;
}

export interface ImagePlan {
  readonly files: readonly ImageFile[];
  /** The `config` object of the image configuration (OCI image-spec, config.md). */
  readonly config: Readonly<Record<string, unknown>>;
}

const media = (name: string): string => `application/vnd.oci.image.${name}+json`;
const layerMedia = 'application/vnd.oci.image.layer.v1.tar+gzip';
const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * Assembles an image of one layer and pushes it by the distribution specification, without an engine.
 * @returns the digest of its manifest
 */
export async function pushImage(
  registry: string,
  repository: string,
  tag: string,
  plan: ImagePlan,
): Promise<string> {
  const tar = await packTar(plan.files.map(tarEntry));
  const layer = gzipSync(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: plan.config,
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  );
  await Promise.all([
    pushBlob(registry, repository, layer),
    pushBlob(registry, repository, config),
  ]);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: media('manifest.v1'),
    config: { mediaType: media('config.v1'), digest: digestOf(config), size: config.length },
    layers: [{ mediaType: layerMedia, digest: digestOf(layer), size: layer.length }],
  });
  return pushManifest(registry, repository, tag, manifest, media('manifest.v1'));
}

function tarEntry({ path, mode = 0o644, content, link }: ImageFile): TarEntry {
  const header = { name: path, mode, uid: 0, gid: 0, mtime: new Date(0) };
  if (link !== undefined) {
    return { header: { ...header, size: 0, type: 'symlink', linkname: link } };
  }
  if (path.endsWith('/')) return { header: { ...header, size: 0, type: 'directory' } };
  const body = typeof content === 'string' ? Buffer.from(content) : (content ?? new Uint8Array());
  return { header: { ...header, size: body.length, type: 'file' }, body };
}

export async function pushBlob(
  registry: string,
  repository: string,
  bytes: Uint8Array,
): Promise<void> {
  const base = `${registry}/v2/${repository}/blobs`;
  const head = await fetch(`${base}/${digestOf(bytes)}`, { method: 'HEAD' });
  if (head.ok) return;
  const begun = await expectOk(await fetch(`${base}/uploads/`, { method: 'POST' }));
  const target = new URL(begun.headers.get('location') ?? '', registry);
  target.searchParams.set('digest', digestOf(bytes));
  await expectOk(
    await fetch(target, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Blob([new Uint8Array(bytes)]),
    }),
  );
}

export async function pushManifest(
  registry: string,
  repository: string,
  tag: string,
  manifest: string | Uint8Array,
  mediaType: string,
): Promise<string> {
  const bytes = typeof manifest === 'string' ? Buffer.from(manifest) : manifest;
  await expectOk(
    await fetch(`${registry}/v2/${repository}/manifests/${tag}`, {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: new Blob([new Uint8Array(bytes)]),
    }),
  );
  return digestOf(bytes);
}

async function expectOk(response: Response): Promise<Response> {
  const text = await response.text();
  if (!response.ok) {
    throw new Problem(`the registry answered ${response.status} to ${response.url}: ${text}`);
  }
  return response;
}

/** What a pod's sandbox runs: a process that does nothing. */
export async function pushPauseImage(registry: string): Promise<string> {
  await pushImage(registry, 'pause', '1', {
    files: [await busybox()],
    config: { Entrypoint: ['/bin/busybox', 'sleep', '2147483647'] },
  });
  return 'pause:1';
}

/** Debian's static busybox, as `/bin/busybox`. */
export async function busybox(): Promise<ImageFile> {
  return { path: 'bin/busybox', mode: 0o755, content: await readFile('/bin/busybox') };
}
