import { isUtf8 } from 'node:buffer';

export type TarType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'other';

export interface TarEntry {
  /** As the archive spells it: not normalised, perhaps absolute or with `..`. */
  readonly path: string;
  readonly type: TarType;
  /** Permission, set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the file once unpacked; for a sparse file more than the archive holds. */
  readonly size: number;
  readonly linkname: string;
  /** Whether the extended attribute `security.capability` is set. */
  readonly capability: boolean;
  /** Stored with holes; the bytes that follow are its parts (and perhaps its map). */
  readonly sparse: boolean;
}

export interface TarHandler {
  /** Called before an entry's bytes. */
  entry(entry: TarEntry): void;
  /** Some of the bytes of the entry; valid during the call only. */
  data(chunk: Uint8Array): void;
  /** Called after the entry's last byte. */
  end(): void;
}

export interface TarParser {
  /** @throws TarError */
  write(chunk: Uint8Array): void;
  /**
   * Leaves out what is to come of the current entry's data, for a caller that can seek. Returns how
   * many bytes of the archive it has to pass over.
   */
  skipData(): number;
  /** @throws TarError when the archive ends inside an entry. */
  end(): void;
}

/** The bytes are no tar archive, or not a whole one. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const blockSize = 512;

/** Bytes of one extended header or long name; real ones are far below. */
const maxMetadata = 1024 * 1024;

/** What headers of type x, L and K say about the entry behind them. */
interface Overrides {
  path?: string;
  /** The sparse formats of GNU tar put a made-up name in `path` and the real one here. */
  sparseName?: string;
  linkname?: string;
  size?: number;
  uid?: number;
  gid?: number;
  capability?: boolean;
  sparse?: boolean;
  /** Size once unpacked, for the sparse formats of GNU tar. */
  realSize?: number;
}

type State =
  | { readonly in: 'header' }
  | { readonly in: 'sparse-map'; readonly entry: TarEntry; readonly stored: number }
  | { readonly in: 'metadata'; readonly flag: string; readonly parts: Uint8Array[] }
  | { readonly in: 'data' }
  | { readonly in: 'ended' };

/**
 * Reads a tar archive as its bytes come, in constant memory: ustar (POSIX.1-1988), pax
 * (POSIX.1-2001) and GNU tar's own headers. What is ambiguous is read as Go's archive/tar reads it,
 * because that is what container runtimes unpack layers with: global headers are skipped, links and
 * devices have no bytes whatever their size says.
 */
export function createTarParser(handler: TarHandler): TarParser {
  let state: State = { in: 'header' };
  let overrides: Overrides = {};
  /** A header that came in pieces. */
  const partial = Buffer.alloc(blockSize);
  let filled = 0;
  /** Bytes of the current entry or metadata still to come, and the padding behind them. */
  let remaining = 0;
  let padding = 0;

  const expect = (size: number): void => {
    remaining = size;
    padding = (blockSize - (size % blockSize)) % blockSize;
  };

  const beginEntry = (entry: TarEntry, stored: number): void => {
    handler.entry(entry);
    expect(stored);
    state = { in: 'data' };
    if (stored === 0) finish();
  };

  /** Called when `remaining` has run out. */
  const finish = (): void => {
    if (state.in === 'data') handler.end();
    if (state.in === 'metadata') readMetadata(state.flag, Buffer.concat(state.parts), overrides);
    state = { in: 'header' };
  };

  const readBlock = (block: Buffer): void => {
    if (state.in === 'sparse-map') {
      // The old GNU format continues its map in blocks of 21 pairs; byte 504 says whether more come.
      if (block[504] === 0) beginEntry(state.entry, state.stored);
      return;
    }
    if (block[0] === 0 && block.every((byte) => byte === 0)) {
      state = { in: 'ended' };
      return;
    }
    verifyChecksum(block);
    const flag = String.fromCharCode(block[156] ?? 0);
    const size = readNumber(block, 124, 12);
    if ('xgLK'.includes(flag)) {
      if (size > maxMetadata) throw new TarError(`an extended header of ${size} bytes`);
      state = { in: 'metadata', flag, parts: [] };
      expect(size);
      if (size === 0) finish();
      return;
    }
    const { entry, stored } = readHeader(block, flag, size, overrides);
    overrides = {};
    if (flag === 'S' && block[482] !== 0) state = { in: 'sparse-map', entry, stored };
    else beginEntry(entry, stored);
  };

  return {
    write(chunk) {
      let at = 0;
      while (at < chunk.length && state.in !== 'ended') {
        if (remaining > 0) {
          const part = chunk.subarray(at, at + remaining);
          at += part.length;
          remaining -= part.length;
          if (state.in === 'data') handler.data(part);
          if (state.in === 'metadata') state.parts.push(new Uint8Array(part));
          if (remaining === 0) finish();
        } else if (padding > 0) {
          const skipped = Math.min(padding, chunk.length - at);
          at += skipped;
          padding -= skipped;
        } else if (filled === 0 && chunk.length - at >= blockSize) {
          readBlock(Buffer.from(chunk.buffer, chunk.byteOffset + at, blockSize));
          at += blockSize;
        } else {
          const part = chunk.subarray(at, at + blockSize - filled);
          partial.set(part, filled);
          at += part.length;
          filled += part.length;
          if (filled === blockSize) {
            filled = 0;
            readBlock(partial);
          }
        }
      }
    },
    skipData() {
      if (state.in !== 'data') return 0;
      const skipped = remaining + padding;
      remaining = 0;
      padding = 0;
      finish();
      return skipped;
    },
    end() {
      // Archives without the closing zero blocks are common, and whole when an entry just ended.
      if (remaining > 0) throw new TarError('the archive ends inside an entry');
      if (filled > 0 || state.in === 'sparse-map')
        throw new TarError('the archive ends inside a header');
    },
  };
}

function readHeader(
  block: Buffer,
  flag: string,
  headerSize: number,
  overrides: Overrides,
): { entry: TarEntry; stored: number } {
  const name = readText(block, 0, 100);
  // Only POSIX archives split long names in two; GNU headers keep times in those bytes.
  const isPosix = block[345] !== 0 && block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? readText(block, 345, 155) : '';
  const path = overrides.sparseName ?? overrides.path ?? (prefix ? `${prefix}/${name}` : name);
  const type = typeOf(flag, path);
  const size = overrides.size ?? headerSize;
  const hasData = type === 'file' || type === 'other';
  const realSize = flag === 'S' ? readNumber(block, 483, 12) : overrides.realSize;
  return {
    stored: hasData ? size : 0,
    entry: {
      path,
      type,
      mode: readNumber(block, 100, 8) & 0o7777,
      uid: overrides.uid ?? readNumber(block, 108, 8),
      gid: overrides.gid ?? readNumber(block, 116, 8),
      size: hasData ? (realSize ?? size) : 0,
      linkname: overrides.linkname ?? readText(block, 157, 100),
      capability: overrides.capability ?? false,
      sparse: flag === 'S' || overrides.sparse === true,
    },
  };
}

const typeByFlag: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

function typeOf(flag: string, path: string): TarType {
  const type = typeByFlag[flag] ?? 'other';
  // Before POSIX.1-1988 a directory was a file whose name ended with a slash.
  return type === 'file' && path.endsWith('/') ? 'directory' : type;
}

function verifyChecksum(block: Buffer): void {
  const stored = readNumber(block, 148, 8);
  // The sum is taken with spaces in its own place.
  let sum = 8 * 0x20;
  for (let index = 0; index < 148; index++) sum += block[index] ?? 0;
  for (let index = 156; index < blockSize; index++) sum += block[index] ?? 0;
  if (stored === sum || stored === signedSum(block, sum)) return;
  throw new TarError('a header’s checksum does not hold');
}

/** Some old writers summed signed characters. */
function signedSum(block: Buffer, sum: number): number {
  const isLarge = (byte: number, index: number) => byte >= 0x80 && (index < 148 || index >= 156);
  return sum - 0x100 * block.filter(isLarge).length;
}

const [space, zero, seven] = [0x20, 0x30, 0x37];

/** Octal digits, or big-endian binary when the first bit is set (GNU and star, for large values). */
function readNumber(block: Buffer, offset: number, length: number): number {
  const first = block[offset] ?? 0;
  if (first & 0x80) return readBinary(block.subarray(offset, offset + length));
  const end = offset + length;
  let at = offset;
  while (at < end && block[at] === space) at++;
  let value = 0;
  for (; at < end; at++) {
    const byte = block[at] ?? 0;
    if (byte < zero || byte > seven) break;
    value = value * 8 + byte - zero;
  }
  // Behind the digits come spaces, then NUL, then anything.
  while (at < end && block[at] === space) at++;
  if (at < end && block[at] !== 0) throw new TarError('a number in a header is not octal');
  return value;
}

function readBinary(field: Buffer): number {
  if ((field[0] ?? 0) & 0x40) throw new TarError('a negative number in a header');
  const value = field.reduce((sum, byte, index) => sum * 256 + (index ? byte : byte & 0x7f), 0);
  if (!Number.isSafeInteger(value)) throw new TarError('a number in a header is too large');
  return value;
}

function readText(block: Buffer, offset: number, length: number): string {
  const end = offset + length;
  let isAscii = true;
  let at = offset;
  for (; at < end; at++) {
    const byte = block[at] ?? 0;
    if (byte === 0) break;
    if (byte >= 0x80) isAscii = false;
  }
  return isAscii ? block.toString('latin1', offset, at) : decodeName(block.subarray(offset, at));
}

/** Names are bytes; those that are no UTF-8 become Latin-1, so that two of them never fall together. */
function decodeName(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function readMetadata(flag: string, bytes: Buffer, overrides: Overrides): void {
  if (flag === 'L') overrides.path = readText(bytes, 0, bytes.length);
  else if (flag === 'K') overrides.linkname = readText(bytes, 0, bytes.length);
  else if (flag === 'x')
    for (const [key, value] of paxRecords(bytes)) applyRecord(key, value, overrides);
}

/** Records of the form `<length> <key>=<value>\n`, where the length counts the whole record. */
function* paxRecords(bytes: Buffer): Generator<readonly [string, Buffer]> {
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const digits = space === -1 ? '' : bytes.toString('latin1', at, space);
    const length = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
    const record = bytes.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (at + length > bytes.length || equals < 1 || bytes[at + length - 1] !== 0x0a) {
      throw new TarError('a malformed extended header');
    }
    yield [record.toString('utf8', 0, equals), record.subarray(equals + 1)];
    at += length;
  }
}

function applyRecord(key: string, value: Buffer, overrides: Overrides): void {
  // An empty value takes a record back.
  if (value.length === 0) return;
  switch (key) {
    case 'path':
      overrides.path = paxText(value);
      return;
    case 'GNU.sparse.name':
      overrides.sparseName = paxText(value);
      return;
    case 'linkpath':
      overrides.linkname = paxText(value);
      return;
    case 'size':
      overrides.size = paxNumber(value);
      return;
    case 'uid':
      overrides.uid = paxNumber(value);
      return;
    case 'gid':
      overrides.gid = paxNumber(value);
      return;
    case 'GNU.sparse.realsize':
    case 'GNU.sparse.size':
      overrides.sparse = true;
      overrides.realSize = paxNumber(value);
      return;
    case 'SCHILY.xattr.security.capability':
      overrides.capability = true;
      return;
  }
}

function paxText(value: Buffer): string {
  if (value.includes(0)) throw new TarError('a NUL byte in a name');
  return decodeName(value);
}

function paxNumber(value: Buffer): number {
  const text = value.toString('latin1');
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new TarError('a malformed number in an extended header');
  }
  return number;
}
