/** An entry as an archive may hold it, whether or not any tool would write it so. */
export interface RawEntry {
  readonly name: string;
  /** Type flag of the header; a regular file's when undefined. */
  readonly flag?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly link?: string;
  readonly body?: string | Uint8Array;
  /** Records of an extended header before the entry. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
  /** Major and minor number of a device. */
  readonly device?: readonly [number, number];
}

export const file = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({
  ...{ name, body: name, ...more },
});
export const folder = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({
  ...{ name: `${name}/`, flag: '5', mode: 0o755, ...more },
});
export const symlink = (name: string, link: string, more: Partial<RawEntry> = {}): RawEntry => ({
  ...{ name, link, flag: '2', mode: 0o777, ...more },
});
export const hardlink = (name: string, link: string, more: Partial<RawEntry> = {}): RawEntry => ({
  ...{ name, link, flag: '1', ...more },
});
export const marker = (name: string): RawEntry => ({ name });
/** A name of GNU tar's own kind, for the entry behind it. */
export const gnuName = (flag: 'L' | 'K', text: string): RawEntry => ({
  ...{ name: '././@LongLink', flag, body: `${text}\0` },
});

export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]);
}

function blocksOf({ pax, ...entry }: RawEntry): Buffer[] {
  const records = Object.entries(pax ?? {}).map(([key, value]) => record(key, Buffer.from(value)));
  const extended = Buffer.concat(records);
  const before = pax
    ? [headerOf({ name: 'pax', flag: 'x' }, extended.length), padded(extended)]
    : [];
  const body = Buffer.from(entry.body ?? '');
  return [...before, headerOf(entry, body.length), padded(body)];
}

function headerOf(
  { name, flag = '0', mode = 0o644, uid = 0, gid = 0, link = '', device = [0, 0] }: RawEntry,
  size: number,
): Buffer {
  const block = Buffer.alloc(512);
  const number = (value: number, offset: number, length: number) => {
    const digits = value.toString(8).padStart(length - 1, '0');
    if (digits.length < length) block.write(digits, offset, 'latin1');
    else {
      // As GNU tar writes what has no room: big-endian, marked by the first bit.
      block.writeUIntBE(value, offset + length - 6, 6);
      block[offset] = 0x80;
    }
  };
  block.write(name, 0, 100);
  number(mode, 100, 8);
  number(uid, 108, 8);
  number(gid, 116, 8);
  number(size, 124, 12);
  number(0, 136, 12);
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(flag, 156, 'latin1');
  block.write(link, 157, 100);
  block.write('ustar\0' + '00', 257, 'latin1');
  number(device[0], 329, 8);
  number(device[1], 337, 8);
  number(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], Math.ceil(bytes.length / 512) * 512);
}

/** The length counts itself, so it is looked for until it fits. */
function record(key: string, value: Buffer): Buffer {
  const rest = key.length + value.length + 3;
  let length = rest;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}
