import { type InstalledPackage, listOf, type PackageList, unread } from '../package.ts';

/** What stands before the build information of a Go program: https://pkg.go.dev/debug/buildinfo */
const magic = Buffer.from('\xff Go buildinf:', 'latin1');
/** The pointer size and the flags follow the magic; the texts begin here. */
const textsAt = 32;
const flagsAt = 15;
/** Since Go 1.18 the texts themselves follow, before they were pointed to. */
const inline = 2;

/** Bytes behind the magic that are kept; Kubernetes needs some 30 KB. */
const maxInformation = 4 * 1024 * 1024;

const elf = Buffer.from('\x7fELF', 'latin1');

export interface GoReader {
  feed(chunk: Uint8Array): void;
  /** Undefined when the file is no Go program. */
  end(): PackageList | undefined;
}

/** Bytes behind the magic that show whether it is what it looks like. */
const enough = 512;

/** Looks for the build information in an executable that goes by, and keeps nothing else of it. */
export function createGoReader(): GoReader {
  let state: 'start' | 'searching' | 'keeping' | 'other' = 'start';
  /** While searching, the end of what went by; then the information. */
  let kept: Buffer[] = [];
  let keptBytes = 0;

  const keep = (bytes: Buffer): void => {
    const part = Buffer.from(bytes.subarray(0, maxInformation - keptBytes));
    kept.push(part);
    keptBytes += part.length;
  };
  const search = (bytes: Buffer): void => {
    const found = findInformation(bytes, enough);
    kept = [];
    keptBytes = 0;
    if (found.isIt) state = 'keeping';
    keep(bytes.subarray(found.at));
  };

  return {
    feed(chunk) {
      if (state === 'other') return;
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (state === 'keeping') return keep(bytes);
      if (state === 'searching' && !beginsIn(kept, bytes)) return search(bytes);
      const joined = Buffer.concat([...kept, bytes]);
      if (state === 'searching') return search(joined);
      if (joined.length < elf.length) return keep(bytes);
      state = joined.subarray(0, elf.length).equals(elf) ? 'searching' : 'other';
      if (state === 'searching') search(joined);
    },
    end() {
      if (state !== 'searching' && state !== 'keeping') return undefined;
      const bytes = Buffer.concat(kept);
      const found = findInformation(bytes, 0);
      return found.isIt ? readInformation(bytes.subarray(found.at)) : undefined;
    },
  };
}

/** Whether a magic may begin in what is kept, so that both have to be looked at as one, which copies them. */
function beginsIn(kept: readonly Buffer[], bytes: Buffer): boolean {
  if (bytes.length < magic.length) return true;
  const edge = Buffer.concat([...kept, bytes.subarray(0, magic.length - 1)]);
  return edge.includes(magic);
}

/**
 * Where the information begins, or from where on more bytes are needed to tell. Programs that read build
 * information hold the magic as a text, too, so what follows it counts.
 */
function findInformation(bytes: Buffer, needed: number): { at: number; isIt: boolean } {
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    if (bytes.length - at < needed) return { at, isIt: false };
    if (isInformation(bytes.subarray(at))) return { at, isIt: true };
  }
  return { at: Math.max(0, bytes.length - magic.length + 1), isIt: false };
}

/** Whether a text that names a version of Go follows, or pointers do. */
function isInformation(bytes: Buffer): boolean {
  const flags = bytes[flagsAt] ?? 255;
  if ((flags & ~3) !== 0) return false;
  if ((flags & inline) === 0) return bytes[flagsAt - 1] === 4 || bytes[flagsAt - 1] === 8;
  const version = textAt(bytes, textsAt)?.text;
  return version !== undefined && /^(?:go\d|devel)/.test(version);
}

function readInformation(bytes: Buffer): PackageList {
  if (((bytes[flagsAt] ?? 0) & inline) === 0) {
    return unread('it was built by a Go before 1.18, whose build information is not read');
  }
  const version = textAt(bytes, textsAt);
  const modules = version && textAt(bytes, version.next);
  if (!version || !modules) return unread('its Go build information is cut off');
  return listOf([...standardLibrary(version.text), ...modulesOf(modules.text)]);
}

/** The standard library is a package like others for those who look for vulnerabilities. */
function standardLibrary(version: string): InstalledPackage[] {
  const [, number] = /^go(\d\S*)/.exec(version) ?? [];
  return number === undefined ? [] : [{ type: 'golang', name: 'stdlib', version: number }];
}

/** Lines of `mod`, `dep` and `=>`, between two marks of 16 bytes. */
function modulesOf(text: string): InstalledPackage[] {
  const modules: InstalledPackage[] = [];
  for (const line of text.split('\n')) {
    const [kind = '', name = '', version = ''] = line.split('\t');
    // The first line comes behind a mark, which holds no tab.
    const word = kind.slice(-3);
    if (kind === '=>') modules.pop();
    else if (word !== 'mod' && word !== 'dep') continue;
    // A program that was built in its own source tree has no version.
    if (name !== '' && version.startsWith('v')) modules.push({ type: 'golang', name, version });
  }
  return modules;
}

/** A text with its length before it, as a varint of encoding/binary. */
function textAt(bytes: Buffer, at: number): { text: string; next: number } | undefined {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** index;
    if (byte >= 0x80) continue;
    const start = at + index + 1;
    if (start + length > bytes.length) return undefined;
    return { text: bytes.toString('utf8', start, start + length), next: start + length };
  }
  return undefined;
}
