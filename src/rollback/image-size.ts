import type { Descriptor, Manifest, Registry } from '../adapters/registry/registry.ts';
import { objectOf, objectsOf, parseObject } from '../core/json.ts';
import type { ImageReference } from '../core/reference.ts';
import { numberAt } from '../validators/manifest/read.ts';

/**
 * Compressed bytes of the image that a node would pull.
 * @returns undefined when the registry lists the image and does not have its manifest
 */
export async function manifestSize(
  registry: Registry,
  reference: ImageReference,
  manifest: Manifest,
  chosen: Descriptor | undefined,
  signal: AbortSignal,
): Promise<number | null | undefined> {
  if (!manifest.isIndex) return layersOf(manifest);
  if (chosen === undefined) return null;
  const { registry: host, repository } = reference;
  const own = await registry.manifest(
    { registry: host, repository, digest: chosen.digest },
    signal,
  );
  return own === undefined ? undefined : layersOf(own);
}

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md */
function layersOf({ bytes }: Manifest): number {
  const manifest = parseObject(Buffer.from(bytes).toString('utf8'));
  const parts = [objectOf(manifest?.config) ?? {}, ...objectsOf(manifest?.layers)];
  return parts.reduce((sum, part) => sum + (numberAt(part, 'size') ?? 0), 0);
}
