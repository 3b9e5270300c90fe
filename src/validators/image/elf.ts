/** What the header of an ELF file says, by elf(5); 32 and 64 bit files of either byte order are read. */
export interface ElfHeader {
  /** In the words of image configs (`amd64`, `arm64` …), or `machine <number>`. */
  readonly architecture: string;
  /** Path of the dynamic loader; undefined in a static binary and in a library. */
  readonly loader: string | undefined;
  readonly segments: readonly Segment[];
  /** The dynamic section; undefined in a static binary. */
  readonly dynamic: Range | undefined;
  readonly layout: Layout;
}

/** Bytes of a file. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

interface Segment extends Range {
  /** Where it lies in memory. */
  readonly address: number;
}

interface Layout {
  readonly wide: boolean;
  readonly bigEndian: boolean;
}

/** What the dynamic loader is told. */
export interface Libraries {
  readonly needed: readonly string[];
  /** `DT_RPATH` and `DT_RUNPATH`, as written: folders with colons between. */
  readonly rpath: string;
  readonly runpath: string;
  /** The name by which others need it. */
  readonly soname: string;
}

/** `e_machine`, in the order of use. */
const machines: Readonly<Record<number, string>> = {
  62: 'amd64',
  183: 'arm64',
  40: 'arm',
  3: '386',
  243: 'riscv64',
  21: 'ppc64le',
  22: 's390x',
  258: 'loong64',
};

/** Values of `p_type`. */
const load = 1;
const dynamic = 2;
const interpreter = 3;

export function isElf(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === '\x7fELF' && bytes.length >= 64;
}

/** Reads from the first bytes of a file, which {@link isElf}. */
export function readElfHeader(head: Buffer): ElfHeader {
  const layout: Layout = { wide: head[4] === 2, bigEndian: head[5] === 2 };
  const { wide } = layout;
  const read = readerOf(head, layout);
  const machine = read(18, 2);
  const table = wide ? read(32, 8) : read(28, 4);
  const entrySize = wide ? read(54, 2) : read(42, 2);
  const count = wide ? read(56, 2) : read(44, 2);
  const segments: Segment[] = [];
  let loader: string | undefined;
  let section: Range | undefined;
  for (let index = 0; index < count; index++) {
    const at = table + index * entrySize;
    if (at + entrySize > head.length) break;
    const type = read(at, 4);
    const from = wide ? read(at + 8, 8) : read(at + 4, 4);
    const range = { from, to: from + (wide ? read(at + 32, 8) : read(at + 16, 4)) };
    if (type === load)
      segments.push({ ...range, address: wide ? read(at + 16, 8) : read(at + 8, 4) });
    if (type === dynamic) section = range;
    if (type === interpreter) loader = textAt(head, range.from, range.to) || undefined;
  }
  const architecture = machines[machine] ?? `machine ${machine}`;
  return { architecture, loader, segments, dynamic: section, layout };
}

function readerOf(bytes: Buffer, { bigEndian }: Layout) {
  return (offset: number, size: number): number => {
    if (offset + size > bytes.length) return 0;
    // Offsets above 48 bits do not occur in files; the upper bytes are left out.
    const width = Math.min(size, 6);
    return bigEndian
      ? bytes.readUIntBE(offset + size - width, width)
      : bytes.readUIntLE(offset, width);
  };
}

/** Values of `d_tag`. */
const tags = {
  needed: 1,
  strings: 5,
  stringsSize: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
} as const;

/** Entries of a dynamic section that name libraries; more than that no program has. */
const maxNeeded = 1024;

export interface DynamicSection {
  /** The string table in the file; undefined when no segment holds it. */
  readonly strings: Range | undefined;
  /** Offsets into the string table. */
  readonly needed: readonly number[];
  readonly rpath: number | undefined;
  readonly runpath: number | undefined;
  readonly soname: number | undefined;
}

export function readDynamic(bytes: Buffer, { layout, segments }: ElfHeader): DynamicSection {
  const read = readerOf(bytes, layout);
  const word = layout.wide ? 8 : 4;
  const needed: number[] = [];
  const last = new Map<number, number>();
  for (let at = 0; at + 2 * word <= bytes.length; at += 2 * word) {
    const tag = read(at, word);
    const value = read(at + word, word);
    if (tag === 0) break;
    if (tag === tags.needed && needed.length < maxNeeded) needed.push(value);
    last.set(tag, value);
  }
  const address = last.get(tags.strings) ?? 0;
  const segment = segments.find(
    (one) => address >= one.address && address < one.address + (one.to - one.from),
  );
  const from = segment && segment.from + (address - segment.address);
  return {
    strings:
      from === undefined ? undefined : { from, to: from + (last.get(tags.stringsSize) ?? 0) },
    needed,
    rpath: last.get(tags.rpath),
    runpath: last.get(tags.runpath),
    soname: last.get(tags.soname),
  };
}

/** Undefined when the table does not hold a name that is needed. */
export function librariesIn(section: DynamicSection, strings: Buffer): Libraries | undefined {
  const text = (offset: number | undefined) =>
    offset === undefined ? '' : textAt(strings, offset, offset + maxText);
  const needed = section.needed.map(text);
  if (needed.includes('')) return undefined;
  return {
    needed,
    rpath: text(section.rpath),
    runpath: text(section.runpath),
    soname: text(section.soname),
  };
}

/** Bytes of one name or search path. */
const maxText = 4096;

function textAt(bytes: Buffer, from: number, to: number): string {
  const end = Math.min(to, from + maxText, bytes.length);
  if (from >= end) return '';
  const zero = bytes.indexOf(0, from);
  return bytes.toString('utf8', from, zero === -1 ? end : Math.min(zero, end));
}
