/** How the kernel would start a file, read from its first bytes; undefined when it would refuse. */
export type Program =
  | {
      readonly format: 'elf';
      /** In the words of image configs (`amd64`, `arm64` …), or `machine <number>`. */
      readonly architecture: string;
      /** Path of the dynamic loader; undefined in a static binary. */
      readonly loader?: string;
    }
  | {
      readonly format: 'script';
      readonly interpreter: string;
      readonly argument: string;
      /** The line ends in CR LF, so the kernel looks for an interpreter named with a CR. */
      readonly crlf: boolean;
    };

/** Bytes from the start of a file that {@link readProgram} may need. */
export const programHead = 4096;

export function readProgram(head: Buffer): Program | undefined {
  if (head.toString('latin1', 0, 2) === '#!') return readScript(head);
  if (head.toString('latin1', 0, 4) === '\x7fELF' && head.length >= 64) return readElf(head);
  return undefined;
}

/** execve(2): interpreter and at most one argument, in a line of 256 bytes. */
function readScript(head: Buffer): Program | undefined {
  const line = head.toString('utf8', 2, 256).split('\n', 1)[0] ?? '';
  const crlf = line.endsWith('\r');
  const [, interpreter, argument = ''] = /^[ \t]*(\S+)[ \t]*(.*)$/.exec(line.trimEnd()) ?? [];
  return interpreter === undefined ? undefined : { format: 'script', interpreter, argument, crlf };
}

/** `e_machine` of the ELF header, in the order of use. */
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

const interpreterSegment = 3;

/** elf(5). Reads 32 and 64 bit files of either byte order. */
function readElf(head: Buffer): Program {
  const wide = head[4] === 2;
  const read = (offset: number, size: number): number => {
    if (offset + size > head.length) return 0;
    // Offsets above 48 bits do not occur in files; the upper bytes are left out.
    const width = Math.min(size, 6);
    return head[5] === 2
      ? head.readUIntBE(offset + size - width, width)
      : head.readUIntLE(offset, width);
  };
  const machine = read(18, 2);
  const architecture = machines[machine] ?? `machine ${machine}`;

  const table = wide ? read(32, 8) : read(28, 4);
  const entrySize = wide ? read(54, 2) : read(42, 2);
  const count = wide ? read(56, 2) : read(44, 2);
  for (let index = 0; index < count; index++) {
    const at = table + index * entrySize;
    if (at + entrySize > head.length) break;
    if (read(at, 4) !== interpreterSegment) continue;
    const offset = wide ? read(at + 8, 8) : read(at + 4, 4);
    const size = wide ? read(at + 32, 8) : read(at + 16, 4);
    const loader = head.toString('utf8', offset, offset + size).split('\0', 1)[0] ?? '';
    return loader ? { format: 'elf', architecture, loader } : { format: 'elf', architecture };
  }
  return { format: 'elf', architecture };
}
