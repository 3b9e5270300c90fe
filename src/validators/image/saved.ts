import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { fieldOf, objectOf, objectsOf, parseObject, textOf, textsOf } from '../../core/json.ts';
import { parsePlain } from '../../core/plain-json.ts';
import { type BlobRange, type ImageFiles, readRange } from './blobs.ts';
import { severalImages, type Wanted } from './choose.ts';
import { configOf } from './config.ts';
import type { Described } from './described.ts';
import type { LayerClaim } from './layer.ts';
import { type Damage, maxJson } from './layout.ts';
import { isNameOf, repositoryIn } from './names.ts';

/** One image of the list in manifest.json. */
interface Saved {
  readonly config: string;
  readonly names: readonly string[];
  /** Names of the layers' files, from the lowest up. */
  readonly layers: readonly string[];
}

/**
 * An image in an archive that `docker save` wrote before Engine 25, and Podman, Bazel and Jib write:
 * https://github.com/moby/moby/blob/v24.0.0/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format
 * There is no manifest, so the digest of the config stands for the image, and that of the unpacked
 * bytes for a layer.
 * @throws Fault `image-unreadable` when there is no such image, `usage-invalid` when there are several
 */
export async function describeSaved(files: ImageFiles, wanted: Wanted): Promise<Described> {
  const saved = await chosen(files, wanted);
  const range = await files.locate(saved.config);
  const bytes = range && (await readRange(range, maxJson));
  if (!bytes) {
    throw new Fault('image-damaged', `${wanted.path}: ${saved.config} is not there, or too large`);
  }
  const image = { ...describeConfig(bytes, wanted.path), ...repositoryIn(saved.names) };
  const { id, config } = image;
  const claimed = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(saved.config)?.[1];
  if (claimed !== undefined && `sha256:${claimed}` !== id) {
    const message = `its bytes do not have the digest that names them (${claimed})`;
    return { ...image, config: null, damage: [damaged(id, 'digest', message)] };
  }
  if (!config) return image;
  if (config.diffIds.length !== saved.layers.length) {
    const message = `it names ${config.diffIds.length} layers, and manifest.json ${saved.layers.length}`;
    return { ...image, damage: [damaged(id, 'malformed', message)] };
  }
  const ranges = await Promise.all(saved.layers.map((name) => files.locate(name)));
  return {
    ...image,
    layers: ranges.map((one, at) => ({
      claim: claimOf(config.diffIds[at] ?? '', one),
      place: wanted.path,
      open: async () => one,
    })),
  };
}

/** An image of which there is a config alone. */
export function describeConfig(
  bytes: Uint8Array,
  path: string,
): Omit<Described, 'id'> & { readonly id: string } {
  const id = sha256(bytes);
  const json = parsePlain(Buffer.from(bytes).toString());
  const config = json && configOf(json);
  const message = json
    ? 'it lacks architecture, os or rootfs.diff_ids'
    : 'it is no JSON object, or names a field twice';
  return {
    ...{ digest: id, id, digests: [id], source: `docker-archive:${path}@${id}`, layers: [] },
    ...(config
      ? { config, configBytes: bytes, damage: [] }
      : { config: null, damage: [damaged(id, 'malformed', message)] }),
  };
}

function damaged(blob: string, kind: Damage['kind'], message: string): Damage {
  return { blob, part: 'config', kind, message };
}

/** Nothing gives a digest of the packed bytes, if they are packed at all. */
export function claimOf(diffId: string, range: BlobRange | undefined): LayerClaim {
  return { digest: diffId, diffId, size: range?.stated ?? range?.size ?? 0, isUnnamed: true };
}

async function chosen(files: ImageFiles, wanted: Wanted): Promise<Saved> {
  const { path, name, digest } = wanted;
  const all = await savedIn(files, path);
  const meant = all.filter(
    (one) =>
      (name === undefined || one.names.some((own) => isNameOf(own, name))) &&
      (digest === undefined || one.config.includes(digest.replace('sha256:', ''))),
  );
  const [only, ...more] = meant;
  const names = all.flatMap((one) => one.names);
  if (!only) {
    const there = names.length > 0 ? `; there is ${names.join(', ')}` : '';
    throw new Fault('image-unreadable', `${path}: no image is named ${name ?? digest}${there}`);
  }
  if (more.some(({ config }) => config !== only.config)) throw severalImages(path, names);
  return only;
}

async function savedIn(files: ImageFiles, path: string): Promise<Saved[]> {
  const range = await files.locate('manifest.json');
  const bytes = range && (await readRange(range, maxJson));
  const list = parseObject(`{"images":${bytes?.toString() ?? ''}}`);
  const images = objectsOf(fieldOf(objectOf(list), 'images'));
  const all = images.flatMap((image) => {
    const config = textOf(fieldOf(image, 'Config'));
    const layers = textsOf(fieldOf(image, 'Layers') ?? []);
    const names = textsOf(fieldOf(image, 'RepoTags') ?? []) ?? [];
    return config !== undefined && layers ? [{ config, layers, names }] : [];
  });
  if (all.length > 0) return all;
  throw new Fault('image-unreadable', `${path}: its manifest.json lists no image`);
}
