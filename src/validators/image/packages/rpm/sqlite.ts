/**
 * Reads one table of a SQLite database from its bytes, by https://www.sqlite.org/fileformat2.html. The
 * library itself would run whatever a stranger's file defines; this only follows pages, each once.
 */

export class SqliteError extends Error {
  override readonly name = 'SqliteError';
}

type Value = Buffer | number | null;

const headerSize = 100;
const leafTable = 0x0d;
const interiorTable = 0x05;
const maxDepth = 32;

/** @throws SqliteError when the bytes are no such database, or are damaged */
export function* rowsOf(bytes: Buffer, table: string): Generator<readonly Value[]> {
  if (bytes.toString('latin1', 0, 16) !== 'SQLite format 3\0' || bytes.length < headerSize) {
    throw new SqliteError('it is no SQLite database');
  }
  const stated = bytes.readUInt16BE(16);
  const pages: Pages = {
    bytes,
    size: stated === 1 ? 65_536 : stated,
    usable: (stated === 1 ? 65_536 : stated) - (bytes[20] ?? 0),
    seen: new Set(),
  };
  if (pages.size < 512 || (pages.size & (pages.size - 1)) !== 0 || pages.usable < 480) {
    throw new SqliteError('it has no valid page size');
  }
  const root = rootOf(pages, table);
  pages.seen.clear();
  yield* walk(pages, root, 0);
}

interface Pages {
  readonly bytes: Buffer;
  /** Bytes of a page. */
  readonly size: number;
  /** Bytes of a page without what is reserved at its end. */
  readonly usable: number;
  /** A page that is met twice would be a loop. */
  readonly seen: Set<number>;
}

function rootOf(pages: Pages, table: string): number {
  for (const [type, name, , root] of walk(pages, 1, 0)) {
    if (String(type) !== 'table' || String(name) !== table) continue;
    if (typeof root === 'number') return root;
  }
  throw new SqliteError(`it has no table ${table}`);
}

function pageOf(pages: Pages, number: number): Buffer {
  const start = (number - 1) * pages.size;
  if (number < 1 || start + pages.size > pages.bytes.length || pages.seen.has(number)) {
    throw new SqliteError(`its page ${number} is damaged`);
  }
  pages.seen.add(number);
  return pages.bytes.subarray(start, start + pages.size);
}

function* walk(pages: Pages, number: number, depth: number): Generator<readonly Value[]> {
  if (depth > maxDepth) throw new SqliteError('its tree is too deep');
  const page = pageOf(pages, number);
  const head = number === 1 ? headerSize : 0;
  const type = page[head];
  const cells = page.readUInt16BE(head + 3);
  const pointers = head + (type === interiorTable ? 12 : 8);
  if ((type !== leafTable && type !== interiorTable) || pointers + cells * 2 > page.length) {
    throw new SqliteError(`its page ${number} is damaged`);
  }
  for (let index = 0; index < cells; index++) {
    const at = page.readUInt16BE(pointers + index * 2);
    if (at + 4 > page.length) throw new SqliteError(`its page ${number} is damaged`);
    if (type === interiorTable) yield* walk(pages, page.readUInt32BE(at), depth + 1);
    else yield recordOf(payloadOf(pages, page, at));
  }
  if (type === interiorTable) yield* walk(pages, page.readUInt32BE(head + 8), depth + 1);
}

/** The bytes of a row, with what overflows its page. */
function payloadOf(pages: Pages, page: Buffer, at: number): Buffer {
  const [length, afterLength] = varint(page, at);
  const [, start] = varint(page, afterLength);
  const { usable } = pages;
  const most = usable - 35;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  const local = length <= most ? length : fitting <= most ? fitting : least;
  if (length > pages.bytes.length || start + local + (local < length ? 4 : 0) > page.length) {
    throw new SqliteError('one of its rows is damaged');
  }
  const parts = [page.subarray(start, start + local)];
  let rest = length - local;
  let next = rest > 0 ? page.readUInt32BE(start + local) : 0;
  while (rest > 0) {
    const more = pageOf(pages, next);
    const part = more.subarray(4, 4 + Math.min(rest, usable - 4));
    parts.push(part);
    rest -= part.length;
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** Bytes of integers by their serial type. */
const widths = [0, 1, 2, 3, 4, 6, 8] as const;

function recordOf(payload: Buffer): readonly Value[] {
  const [headerEnd, first] = varint(payload, 0);
  const values: Value[] = [];
  let data = headerEnd;
  for (let at = first; at < headerEnd && at < payload.length; ) {
    const [type, next] = varint(payload, at);
    at = next;
    const width = type >= 12 ? Math.floor((type - 12) / 2) : type === 7 ? 8 : (widths[type] ?? 0);
    if (data + width > payload.length) throw new SqliteError('one of its rows is damaged');
    const bytes = payload.subarray(data, data + width);
    if (type >= 12) values.push(bytes);
    else if (type === 8 || type === 9) values.push(type - 8);
    else values.push(type >= 1 && type <= 5 ? bytes.readIntBE(0, width) : null);
    data += width;
  }
  return values;
}

function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) break;
    if (index === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + index + 1];
  }
  throw new SqliteError('one of its rows is damaged');
}
