import type { ScanResult } from '../secret/scan.ts';
import type { PackageList } from './packages/package.ts';
import type { Program } from './program.ts';
import type { TarType } from './tar.ts';

/** What the manifest and the config say about a layer. */
export interface LayerClaim {
  readonly digest: string;
  /** Bytes of the blob. */
  readonly size: number;
  /** SHA-256 of the unpacked tar archive. */
  readonly diffId: string;
  /** Nothing names the packed bytes, so that `digest` is the diff id. */
  readonly isUnnamed?: true;
  /** The media type says that it may not be handed on, so it may be missing. */
  readonly isForeign?: true;
}

export interface LayerEntry {
  /** Relative to the root of the image, without `.`, `..` or slashes at the ends. */
  readonly path: string;
  readonly type: TarType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** Target of a link: as written for a symbolic one, like `path` for a hard one. */
  readonly linkname: string;
  /** Has file capabilities (`security.capability`). */
  readonly capability: boolean;
  /** CRC-32 of the content, for files of {@link leastSummed} bytes and more without holes. */
  readonly checksum?: number;
  /** For what may be executed, and for libraries. */
  readonly program?: Program;
}

export interface LayerDamage {
  readonly kind:
    | 'missing'
    | 'foreign'
    | 'truncated'
    | 'digest'
    | 'diff-id'
    | 'codec'
    | 'tar'
    | 'too-large'
    | 'malformed';
  readonly message: string;
}

/** What one pass over a layer found; plain data, so that it can cross a thread. */
export interface Layer extends LayerClaim {
  /** In the order of the archive; empty when the layer is damaged. */
  readonly entries: readonly LayerEntry[];
  /** By index into `entries`. */
  readonly secrets: ReadonlyMap<number, ScanResult>;
  /** Secrets in further files, once `secrets` is full. */
  readonly unlistedSecrets: number;
  /** Text of the few files that checks read, by index into `entries`. */
  readonly texts: ReadonlyMap<number, string>;
  /** Packages of files that list some, by index into `entries`. */
  readonly packages: ReadonlyMap<number, PackageList>;
  /** Names that lead out of the root, as written. They are taken as relative to the root. */
  readonly escapes: readonly string[];
  /** Bytes of the unpacked archive. */
  readonly unpackedSize: number;
  /** Whether secrets were searched for. */
  readonly scanned: boolean;
  readonly damage: LayerDamage | null;
}

/** Bounds against hostile layers. */
export interface LayerLimits {
  /** Bytes of the unpacked archive. */
  readonly unpackedBytes: number;
  readonly entries: number;
  /** Characters of one path. */
  readonly pathLength: number;
  /** Names of one path; each costs a step for every entry below it. */
  readonly pathDepth: number;
  /** Unpacked bytes for one packed byte, once more than `ratioFreeBytes` are unpacked. */
  readonly ratio: number;
  readonly ratioFreeBytes: number;
}

export const layerLimits: LayerLimits = {
  unpackedBytes: 16 * 1024 ** 3,
  entries: 2_000_000,
  pathLength: 4096,
  pathDepth: 128,
  ratio: 250,
  ratioFreeBytes: 256 * 1024 ** 2,
};

export function damagedLayer(claim: LayerClaim, damage: LayerDamage): Layer {
  return {
    ...claim,
    entries: [],
    secrets: new Map(),
    unlistedSecrets: 0,
    texts: new Map(),
    packages: new Map(),
    escapes: [],
    unpackedSize: 0,
    scanned: false,
    damage,
  };
}
