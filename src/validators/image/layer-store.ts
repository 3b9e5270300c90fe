import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { sha256, sha256Hex } from '../../core/digest.ts';
import { workerModule } from '../../core/package-root.ts';
import { type BlobRange, streamRange } from './blobs.ts';
import type { LayerSource } from './described.ts';
import { entriesOf, type KeptEntries, keptEntries } from './kept-entries.ts';
import { type KeptFiles, keptFiles } from './kept-files.ts';
import type { Layer, LayerClaim } from './layer.ts';

/**
 * What was read of layers by earlier runs. It says what is in a layer of a digest, never that the bytes
 * at hand have the digest: that is found out each time, unless the source names its bytes by digests
 * itself, or the file on disk is the one that was hashed before (see {@link stampOf}).
 */
export interface LayerStore {
  /** Undefined also when what is kept cannot be relied on. */
  find(source: LayerSource): Promise<Layer | undefined>;
  /** Takes up a layer that is whole, and where its bytes were. */
  keep(layer: Layer, range: BlobRange): Promise<void>;
  /** A config by its digest. */
  config(id: string): Promise<Uint8Array | undefined>;
  keepConfig(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const bounds = { bytes: 512 * 1024 ** 2, files: 20_000 } as const;

export interface StoreOptions {
  readonly folder: string;
  /** Names the code that reads layers; by another one nothing is taken up. */
  readonly code: string;
  /** Whether secrets are searched for. */
  readonly scan: boolean;
}

/**
 * Names the code that reads layers: the rules for secrets, the parser, everything. The bundle of a worker
 * names its chunks by their content, so its own bytes stand for all of them. Undefined for code that is
 * not bundled.
 */
export async function codeOfWorker(): Promise<string | undefined> {
  const module = workerModule('layer-worker', import.meta.url);
  if (typeof module !== 'string') return undefined;
  return `${process.version} ${sha256Hex(await readFile(module))}`;
}

export function openLayerStore({ folder, code, scan }: StoreOptions): LayerStore {
  const files = keptFiles(folder, bounds);
  const reader = sha256Hex(JSON.stringify([code, scan, format])).slice(0, 32);
  const named = (kind: string, digest: string) =>
    `${kind}-${digest.replace('sha256:', '')}-${reader}`;

  /** The digest of what a blob holds unpacked, where it is known. */
  const contentOf = async (digest: string): Promise<string | undefined> =>
    textOf(await files.read(named('blob', digest)));

  /** Stamps of the places that are about to be read, as they were before. */
  const stamps = new Map<string, string>();
  const placeOf = ({ file, offset }: BlobRange) => `${file}\0${offset}`;

  const digestAt = async (range: BlobRange): Promise<string> => {
    const stamp = stamps.get(placeOf(range));
    const name = stamp && named('file', stamp);
    const known = name && textOf(await files.read(name));
    if (known) return known;
    const digest = await digestOf(range);
    if (name) await files.write(name, Buffer.from(digest));
    return digest;
  };

  /** Whether bytes of a digest are those that a layer claims, and hold what it claims. */
  const isAsClaimed = async (claim: LayerClaim, digest: string): Promise<boolean> => {
    if (digest !== claim.digest && !claim.isUnnamed) return false;
    return digest === claim.diffId || (await contentOf(digest)) === claim.diffId;
  };

  return {
    async find({ claim, isRemote, open }) {
      const range = isRemote ? undefined : await open();
      if (!isRemote && !range) return undefined;
      const stamp = range && (await stampOf(range));
      if (stamp) stamps.set(placeOf(range), stamp);
      const kept = await files.read(named('layer', claim.diffId));
      const layer = kept && layerIn(kept, claim);
      if (!layer) return undefined;
      const digest = range ? await digestAt(range) : claim.digest;
      return (await isAsClaimed(claim, digest)) ? layer : undefined;
    },

    async keep(layer, range) {
      if (layer.damage) return;
      const { digest, diffId, isUnnamed } = layer;
      const kept: KeptLayer = { ...layer, entries: keptEntries(layer.entries) };
      await files.write(named('layer', diffId), serialize(kept));
      if (!isUnnamed && digest !== diffId) await keepLink(files, named('blob', digest), diffId);
      const stamp = stamps.get(placeOf(range));
      if (stamp && !isUnnamed) await keepLink(files, named('file', stamp), digest);
    },

    config: async (id) => {
      const bytes = await files.read(named('config', id));
      return bytes && sha256(bytes) === id ? bytes : undefined;
    },
    keepConfig: (bytes) => files.write(named('config', sha256(bytes)), bytes),
    close: () => files.trim(),
  };
}

function keepLink(files: KeptFiles, name: string, digest: string): Promise<void> {
  return files.write(name, Buffer.from(digest));
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

/** Counts the changes of what is kept of a layer: what is kept in another form is not taken up. */
const format = 2;

type KeptLayer = Omit<Layer, 'entries'> & { readonly entries: KeptEntries };

function layerIn(bytes: Uint8Array, claim: LayerClaim): Layer | undefined {
  try {
    const { isUnnamed: _, isForeign: __, entries, ...layer }: KeptLayer = deserialize(bytes);
    // What it is called is the source's to say; a size it cannot tell is that of the unpacked archive.
    const size = claim.size || layer.unpackedSize;
    return { ...layer, entries: entriesOf(entries), ...claim, size };
  } catch {
    return undefined;
  }
}

/** Milliseconds for which a file that was just written may be written again in the same tick of its clock. */
const settledAfter = 2000;

/**
 * Tells a place in a file from the same place in another file, or in the same file after somebody wrote
 * it: device, inode, size and both times, of which the time of change cannot be set by programs. Undefined for a
 * file that changed a moment ago.
 */
async function stampOf({ file, offset, size }: BlobRange): Promise<string | undefined> {
  const path = await realpath(file);
  const info = await stat(path, { bigint: true });
  if (Date.now() - Number(info.ctimeMs) < settledAfter) return undefined;
  const { dev, ino, size: whole, mtimeNs, ctimeNs } = info;
  return sha256Hex([path, dev, ino, whole, mtimeNs, ctimeNs, offset, size].join('\0'));
}

async function digestOf(range: BlobRange): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of streamRange(range)) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
