import { createHash, type Hash } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, systemCode } from '../../core/fault.ts';
import { createScanner, type Scanner, type ScanResult } from '../secret/scan.ts';
import { decoderOf, isGzip } from './codec.ts';
import { createInflater } from './inflate.ts';
import type { PackageList } from './packages/package.ts';
import { type PackageReader, packageReader } from './packages/reader.ts';
import { createProgramReader, type Program, type ProgramReader } from './program.ts';
import { createTarParser, TarError, type TarType } from './tar.ts';
import { bytesWanted, isProgramWanted } from './wanted.ts';

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

export interface Blob {
  /** Bytes that are there. */
  readonly size: number;
  /** The bytes from the start; may be called twice. */
  open(): AsyncIterable<Uint8Array>;
}

export interface LayerOptions {
  readonly limits: LayerLimits;
  /** Whether secrets are searched for; true when undefined. */
  readonly scan?: boolean;
  /** Paths of further files whose text is to be kept, as entries have them. */
  readonly keep?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Verifies, unpacks and scans a layer in one pass with bounded memory. Damage is part of the result.
 * Rejects only with the signal's reason, or for a bug.
 */
export async function examineLayer(
  claim: LayerClaim,
  blob: Blob,
  options: LayerOptions,
): Promise<Layer> {
  if (blob.size !== claim.size) return damagedLayer(claim, sizeDamage(claim, blob.size));
  const reader = createLayerReader(claim, options);
  try {
    await unpack(blob.open(), reader, options.signal);
    const damage = reader.verify();
    return damage ? damagedLayer(claim, damage) : { ...claim, ...reader.result(), damage: null };
  } catch (error) {
    options.signal?.throwIfAborted();
    const damage = damageOf(error);
    // A wrong digest explains why the bytes cannot be decoded, so it is said instead.
    const isUndecodable = damage.kind === 'codec' || damage.kind === 'tar';
    const altered = isUndecodable && !claim.isUnnamed && (await digestOf(blob)) !== claim.digest;
    return damagedLayer(claim, altered ? digestDamage : damage);
  }
}

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

const digestDamage: LayerDamage = {
  kind: 'digest',
  message: 'its bytes do not have the digest that names them',
};

function sizeDamage(claim: LayerClaim, size: number): LayerDamage {
  const message = `it has ${size} of ${claim.size} bytes`;
  return size < claim.size
    ? { kind: 'truncated', message }
    : { kind: 'digest', message: `it has ${size} bytes instead of ${claim.size}` };
}

class LimitError extends Error {
  override readonly name = 'LimitError';
}

function damageOf(error: unknown): LayerDamage {
  if (error instanceof LimitError) return { kind: 'too-large', message: error.message };
  if (error instanceof TarError) return { kind: 'tar', message: error.message };
  const code = systemCode(error);
  if (code?.startsWith('Z')) return { kind: 'codec', message: messageOf(error) };
  if (code?.startsWith('E')) return { kind: 'missing', message: `it cannot be read: ${code}` };
  throw error;
}

async function digestOf(blob: Blob): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of blob.open()) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

/** Packed bytes in, unpacked bytes out, both counted and hashed by the reader. */
async function unpack(
  packed: AsyncIterable<Uint8Array>,
  reader: LayerReader,
  signal: AbortSignal | undefined,
): Promise<void> {
  const iterator = packed[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    const head = first.done ? new Uint8Array() : first.value;
    const source = async function* () {
      for (let next = first; !next.done; next = await iterator.next()) {
        signal?.throwIfAborted();
        yield next.value;
      }
    };
    await passOn(source(), head, reader, signal);
    reader.end();
  } finally {
    await iterator.return?.();
  }
}

async function passOn(
  source: AsyncIterable<Uint8Array>,
  head: Uint8Array,
  reader: LayerReader,
  signal: AbortSignal | undefined,
): Promise<void> {
  const inflater = isGzip(head) ? createInflater() : undefined;
  if (inflater) {
    try {
      for await (const chunk of source) {
        reader.packed(chunk);
        inflater.write(chunk, reader.unpacked);
      }
      inflater.end(reader.unpacked);
    } finally {
      inflater.close();
    }
    return;
  }
  const sink = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) reader.unpacked(chunk);
  };
  const decoder = decoderOf(head);
  if (!decoder) return sink(source);
  const counted = async function* () {
    for await (const chunk of source) {
      reader.packed(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.from(counted()), decoder, sink, { signal });
}

interface LayerReader {
  /** Not called for a layer without compression. */
  packed(chunk: Uint8Array): void;
  unpacked(chunk: Uint8Array): void;
  end(): void;
  verify(): LayerDamage | undefined;
  result(): Omit<Layer, keyof LayerClaim | 'damage'>;
}

/** What one layer may make this process remember, however many such files it holds. */
const maxTextBytes = 16 * 1024 * 1024;
const maxFilesWithSecrets = 2000;

function createLayerReader(
  claim: LayerClaim,
  { limits, keep, scan = true }: LayerOptions,
): LayerReader {
  const kept = new Set(keep);
  const packedHash = createHash('sha256');
  const unpackedHash = createHash('sha256');
  let isPacked = false;
  let unpackedSize = 0;
  const entries: LayerEntry[] = [];
  const secrets = new Map<number, ScanResult>();
  let unlistedSecrets = 0;
  const texts = new Map<number, string>();
  let textBytes = 0;
  const packages = new Map<number, PackageList>();
  const escapes: string[] = [];

  let scanner: Scanner | undefined;
  let program: ProgramReader | undefined;
  let packageFile: PackageReader | undefined;
  /** The first bytes of the current file, and how many of them are wanted. */
  let head: Buffer[] = [];
  let headWanted = 0;

  const parser = createTarParser({
    entry(entry) {
      if (entries.length === limits.entries) {
        throw new LimitError(`it holds more than ${limits.entries} entries`);
      }
      if (Math.max(depthOf(entry.path), depthOf(entry.linkname)) > limits.pathDepth) {
        throw new LimitError(`it holds a path of more than ${limits.pathDepth} names`);
      }
      if (entry.path.length > limits.pathLength || entry.linkname.length > limits.pathLength) {
        throw new LimitError(`it holds a path longer than ${limits.pathLength} characters`);
      }
      const path = insideRoot(entry.path);
      const isHardLink = entry.type === 'hardlink';
      if (leavesRoot(entry.path) || (isHardLink && leavesRoot(entry.linkname))) {
        escapes.push(entry.path);
      }
      const { type, mode, uid, gid, size, capability } = entry;
      const linkname = isHardLink ? insideRoot(entry.linkname) : entry.linkname;
      entries.push({ path, type, mode, uid, gid, size, linkname, capability });
      const isFilled = type === 'file' && size > 0;
      headWanted = isFilled ? bytesWanted(path, kept) : 0;
      program = isFilled && isProgramWanted(path, mode) ? createProgramReader() : undefined;
      packageFile = isFilled ? packageReader(path, mode) : undefined;
      scanner = scan && isFilled ? createScanner({ path }) : undefined;
    },
    data(chunk) {
      scanner?.feed(chunk);
      program?.feed(chunk);
      packageFile?.feed(chunk);
      if (headWanted > 0) {
        const part = Buffer.from(chunk.subarray(0, headWanted));
        head.push(part);
        headWanted -= part.length;
      }
    },
    end() {
      const index = entries.length - 1;
      const scanned = scanner?.end();
      if (scanned && scanned.hits.length > 0) keepSecrets(index, scanned);
      const entry = entries[index];
      if (head.length > 0) keepText(index, Buffer.concat(head));
      const started = program?.end();
      if (entry && started) entries[index] = { ...entry, program: started };
      const list = packageFile?.end();
      if (list && (list.packages.length > 0 || list.unread !== null)) packages.set(index, list);
      head = [];
      packageFile = undefined;
      scanner = undefined;
      program = undefined;
    },
  });

  const keepSecrets = (index: number, scan: ScanResult): void => {
    if (secrets.size < maxFilesWithSecrets) secrets.set(index, scan);
    else unlistedSecrets += scan.hits.length + scan.leftOut;
  };

  const keepText = (index: number, bytes: Buffer): void => {
    if (textBytes >= maxTextBytes) return;
    texts.set(index, bytes.toString());
    textBytes += bytes.length;
  };

  return {
    packed(chunk) {
      isPacked = true;
      packedHash.update(chunk);
    },
    unpacked(chunk) {
      unpackedSize += chunk.length;
      if (unpackedSize > limits.unpackedBytes) {
        throw new LimitError(`it unpacks to more than ${limits.unpackedBytes} bytes`);
      }
      if (unpackedSize > limits.ratioFreeBytes && unpackedSize > limits.ratio * claim.size) {
        throw new LimitError(`it unpacks to more than ${limits.ratio} times its size`);
      }
      unpackedHash.update(chunk);
      parser.write(chunk);
    },
    end: () => parser.end(),
    verify() {
      const diffId = hexDigest(unpackedHash);
      const digest = isPacked ? hexDigest(packedHash) : diffId;
      if (digest !== claim.digest && !claim.isUnnamed) return digestDamage;
      if (diffId === claim.diffId) return undefined;
      const message = `unpacked it has the digest ${diffId}, and the config says ${claim.diffId}`;
      return { kind: 'diff-id', message };
    },
    result: () => ({
      ...{ entries, secrets, unlistedSecrets, texts, packages, escapes, unpackedSize },
      scanned: scan,
    }),
  };
}

function hexDigest(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}

/** `..` cannot climb above the root, which is how container runtimes resolve it. */
function insideRoot(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  if (isPlain(bare)) return bare;
  return posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, '');
}

function leavesRoot(path: string): boolean {
  return path.includes('..') && /^\.\.(?:\/|$)/.test(posix.normalize(path));
}

/** Whether a path needs no normalising: no name in it is empty, `.` or `..`. */
function isPlain(path: string): boolean {
  for (let start = 0; ; ) {
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;
    const isDots =
      path[start] === '.' && (end - start === 1 || (end - start === 2 && path[start + 1] === '.'));
    if (end === start || isDots) return false;
    if (slash === -1) return true;
    start = slash + 1;
  }
}

function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}
