import {
  type DynamicSection,
  type ElfHeader,
  isElf,
  type Libraries,
  librariesIn,
  type Range,
  readDynamic,
  readElfHeader,
} from './elf.ts';

/** How the kernel would start a file; undefined when it would refuse. */
export type Program =
  | {
      readonly format: 'elf';
      /** In the words of image configs (`amd64`, `arm64` …), or `machine <number>`. */
      readonly architecture: string;
      /** Path of the dynamic loader; undefined in a static binary. */
      readonly loader?: string;
      /**
       * What the loader has to find; undefined in a static binary, `unread` where the file is built so that
       * one pass with bounded memory cannot tell.
       */
      readonly libraries?: Libraries | 'unread';
    }
  | {
      readonly format: 'script';
      readonly interpreter: string;
      readonly argument: string;
      /** The line ends in CR LF, so the kernel looks for an interpreter named with a CR. */
      readonly crlf: boolean;
    };

/** Bytes that are kept from the start of every program: headers, and the first line of a script. */
const headSize = 4096;

/**
 * Bytes that are kept at most of a dynamic program: those of its first segment, in which linkers put the
 * names of libraries. It is some 3.3 MiB in Node.js, which exports everything.
 */
const maxPrefix = 16 * 1024 * 1024;
const maxDynamic = 64 * 1024;
const maxStrings = 4 * 1024 * 1024;

export interface ProgramReader {
  /** The next bytes of the file; they are copied when they are needed. */
  feed(chunk: Uint8Array): void;
  end(): Program | undefined;
}

/** Reads how a file would be started while its bytes go by. */
export function createProgramReader(): ProgramReader {
  const prefix = collect({ from: 0, to: headSize });
  let header: ElfHeader | undefined;
  let rest: Collected | undefined;
  let section: Collected | undefined;
  let dynamic: DynamicSection | undefined;
  let strings: Collected | undefined;
  let position = 0;

  const readHeader = (): void => {
    const head = prefix.bytes();
    if (!isElf(head)) return;
    header = readElfHeader(head);
    const { dynamic: range, segments } = header;
    if (!range) return;
    const end = Math.min(segments[0]?.to ?? 0, maxPrefix);
    if (end > headSize) rest = collect({ from: headSize, to: end });
    if (range.to - range.from <= maxDynamic) section = collect(range);
  };

  const readSection = (): void => {
    if (!header || !section) return;
    dynamic = readDynamic(section.bytes(), header);
    const range = dynamic.strings;
    if (range && range.from >= position && range.to - range.from <= maxStrings) {
      strings = collect(range);
    }
  };

  /** What went by before it was known to be wanted, when it was kept. */
  const kept = (range: Range): Buffer | undefined => {
    if (range.to > (rest ?? prefix).reached()) return undefined;
    const bytes = Buffer.concat([prefix.bytes(), rest?.bytes() ?? Buffer.alloc(0)]);
    return bytes.subarray(range.from, range.to);
  };

  return {
    feed(chunk) {
      const wasWhole = prefix.isWhole();
      prefix.take(position, chunk);
      if (!wasWhole && prefix.isWhole()) readHeader();
      rest?.take(position, chunk);
      if (section && !section.isWhole()) {
        // It begins in the head, and went by before its place was known.
        if (section.range.from < position) section.adopt(kept(section.range));
        else section.take(position, chunk);
        if (section.isWhole()) readSection();
      }
      strings?.take(position, chunk);
      position += chunk.length;
    },
    end() {
      if (!prefix.isWhole()) readHeader();
      const head = prefix.bytes();
      if (head.toString('latin1', 0, 2) === '#!') return readScript(head);
      if (!header) return undefined;
      const { architecture, loader } = header;
      const program = { format: 'elf', architecture, ...(loader && { loader }) } as const;
      if (!header.dynamic) return program;
      if (section && !section.isWhole()) {
        section.adopt(kept(section.range));
        readSection();
      }
      const range = dynamic?.strings;
      const names = range && (strings?.isWhole() ? strings.bytes() : kept(range));
      const libraries = dynamic && names && librariesIn(dynamic, names);
      return { ...program, libraries: libraries ?? 'unread' };
    },
  };
}

/** Of bytes that are all there. */
export function readProgram(bytes: Buffer): Program | undefined {
  const reader = createProgramReader();
  reader.feed(bytes);
  return reader.end();
}

interface Collected {
  readonly range: Range;
  /** Keeps what of the range lies in a chunk that begins at a position. */
  take(position: number, chunk: Uint8Array): void;
  adopt(bytes: Buffer | undefined): void;
  isWhole(): boolean;
  /** Where the next byte is to come from. */
  reached(): number;
  bytes(): Buffer;
}

function collect(range: Range): Collected {
  let parts: Buffer[] = [];
  let next = range.from;
  return {
    range,
    take(position, chunk) {
      const end = Math.min(range.to, position + chunk.length);
      if (next >= end || next < position) return;
      parts.push(Buffer.from(chunk.subarray(next - position, end - position)));
      next = end;
    },
    adopt(bytes) {
      if (!bytes) return;
      parts = [bytes];
      next = range.from + bytes.length;
    },
    isWhole: () => next >= range.to,
    reached: () => next,
    bytes() {
      if (parts.length !== 1) parts = [Buffer.concat(parts)];
      return parts[0] ?? Buffer.alloc(0);
    },
  };
}

/** execve(2): interpreter and at most one argument, in a line of 256 bytes. */
function readScript(head: Buffer): Program | undefined {
  const line = head.toString('utf8', 2, 256).split('\n', 1)[0] ?? '';
  const crlf = line.endsWith('\r');
  const [, interpreter, argument = ''] = /^[ \t]*(\S+)[ \t]*(.*)$/.exec(line.trimEnd()) ?? [];
  return interpreter === undefined ? undefined : { format: 'script', interpreter, argument, crlf };
}
