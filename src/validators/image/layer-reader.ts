import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { withCertificatesBeside } from '../secret/key-pairs.ts';
import { createScanner, type Scanner, type ScanResult } from '../secret/scan.ts';
import type { Layer, LayerClaim, LayerDamage, LayerEntry, LayerLimits } from './layer.ts';
import { depthOf, insideRoot, leavesRoot } from './layer-paths.ts';
import { type PackageList, saysAnything } from './packages/package.ts';
import { type PackageReader, packageReader } from './packages/reader.ts';
import { createProgramReader, type ProgramReader } from './program.ts';
import { createTarParser } from './tar.ts';
import { bytesWanted, isProgramWanted, leastSummed } from './wanted.ts';

export interface LayerReaderOptions {
  readonly limits: LayerLimits;
  /** Whether secrets are searched for; true when undefined. */
  readonly scan?: boolean;
  /** Paths of further files whose text is to be kept, as entries have them. */
  readonly keep?: readonly string[] | undefined;
}

/** A layer that holds more than the bounds allow. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

export const digestDamage: LayerDamage = {
  kind: 'digest',
  message: 'its bytes do not have the digest that names them',
};

/** Takes a layer's bytes, and gives what they hold once all were there. */
export interface LayerReader {
  /** Not called for a layer without compression. */
  packed(chunk: Uint8Array): void;
  /** @throws LimitError, TarError */
  unpacked(chunk: Uint8Array): void;
  /** @throws TarError */
  end(): void;
  verify(): LayerDamage | undefined;
  result(): Omit<Layer, keyof LayerClaim | 'damage'>;
}

/** What one layer may make this process remember, however many such files it holds. */
const maxTextBytes = 16 * 1024 * 1024;
const maxFilesWithSecrets = 2000;
const maxFilesWithCertificates = 2000;

interface ScannedEntry {
  /** Into the entries. */
  readonly index: number;
  readonly path: string;
  readonly secrets: ScanResult;
}

export function createLayerReader(
  claim: LayerClaim,
  { limits, keep, scan = true }: LayerReaderOptions,
): LayerReader {
  const kept = new Set(keep);
  const packedHash = createHash('sha256');
  const unpackedHash = createHash('sha256');
  let isPacked = false;
  let unpackedSize = 0;
  const entries: LayerEntry[] = [];
  const secrets = new Map<number, ScanResult>();
  /** Files that hold certificates and no secrets, which keys may belong to. */
  const certificates: ScannedEntry[] = [];
  let unlistedSecrets = 0;
  const texts = new Map<number, string>();
  let textBytes = 0;
  const packages = new Map<number, PackageList>();
  const escapes: string[] = [];

  let scanner: Scanner | undefined;
  let scanned: ScanResult | undefined;
  /** Bytes of the current file; null for one whose holes the archive leaves out. */
  let wholeSize: number | null = null;
  let checksum: number | undefined;
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
      const { type, mode, uid, gid, size, capability, sparse } = entry;
      const linkname = isHardLink ? insideRoot(entry.linkname) : entry.linkname;
      entries.push({ path, type, mode, uid, gid, size, linkname, capability });
      const isFilled = type === 'file' && size > 0;
      wholeSize = sparse ? null : size;
      checksum = isFilled && size >= leastSummed && !sparse ? 0 : undefined;
      headWanted = isFilled ? bytesWanted(path, kept) : 0;
      program = isFilled && isProgramWanted(path, mode) ? createProgramReader() : undefined;
      packageFile = isFilled ? packageReader(path, mode) : undefined;
      scanner = scan && isFilled ? createScanner({ path }) : undefined;
    },
    data(chunk) {
      if (scanner && chunk.length === wholeSize) {
        // Most files come in one piece, which needs no copy.
        scanned = scanner.end(chunk);
        scanner = undefined;
      } else scanner?.feed(chunk);
      if (checksum !== undefined) checksum = crc32(chunk, checksum);
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
      scanned ??= scanner?.end();
      if (scanned && scanned.hits.length + scanned.leftOut > 0) keepSecrets(index, scanned);
      else if (scanned?.certificates && certificates.length < maxFilesWithCertificates) {
        certificates.push({ index, path: entries[index]?.path ?? '', secrets: scanned });
      }
      const entry = entries[index];
      if (head.length > 0) keepText(index, Buffer.concat(head));
      const started = program?.end();
      if (entry && (started || checksum !== undefined)) {
        entries[index] = {
          ...entry,
          ...(checksum !== undefined && { checksum }),
          ...(started && { program: started }),
        };
      }
      const list = packageFile?.end();
      if (list && saysAnything(list)) packages.set(index, list);
      head = [];
      packageFile = undefined;
      scanner = undefined;
      scanned = undefined;
      program = undefined;
      checksum = undefined;
    },
  });

  const keepSecrets = (index: number, scan: ScanResult): void => {
    if (secrets.size < maxFilesWithSecrets) secrets.set(index, scan);
    else unlistedSecrets += scan.hits.length + scan.leftOut;
  };

  /** Keys with the certificates that this layer has beside them. */
  const pairedSecrets = (): ReadonlyMap<number, ScanResult> => {
    const files = [...secrets].map(
      ([index, found]): ScannedEntry => ({
        ...{ index, secrets: found },
        path: entries[index]?.path ?? '',
      }),
    );
    const paired = withCertificatesBeside([...files, ...certificates]);
    return new Map(paired.slice(0, files.length).map((file) => [file.index, file.secrets]));
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
      ...{ entries, unlistedSecrets, texts, packages, escapes, unpackedSize },
      secrets: pairedSecrets(),
      scanned: scan,
    }),
  };
}

function hexDigest(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}
