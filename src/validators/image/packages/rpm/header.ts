import type { InstalledPackage } from '../package.ts';

/** Tags and types of https://rpm-software-management.github.io/rpm/manual/tags.html */
const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003 } as const;
const int32 = 4;
const string = 6;

const entrySize = 16;
/** Bounds of rpm itself for a header: https://rpm-software-management.github.io/rpm/manual/format_header.html */
const maxEntries = 0xffff;

/** A package from the header that the database of rpm holds; undefined when it is damaged, or a key. */
export function readHeader(blob: Buffer): InstalledPackage | undefined {
  if (blob.length < 8) return undefined;
  const count = blob.readUInt32BE(0);
  const data = 8 + count * entrySize;
  if (count > maxEntries || data > blob.length) return undefined;
  const values = new Map<number, string>();
  for (let index = 0; index < count; index++) {
    const at = 8 + index * entrySize;
    const tag = blob.readUInt32BE(at);
    if (!Object.values<number>(tags).includes(tag)) continue;
    const type = blob.readUInt32BE(at + 4);
    const offset = data + blob.readUInt32BE(at + 8);
    if (type === string) values.set(tag, textAt(blob, offset));
    else if (type === int32 && offset + 4 <= blob.length) {
      values.set(tag, String(blob.readUInt32BE(offset)));
    }
  }
  const name = values.get(tags.name);
  const version = values.get(tags.version);
  // Imported keys are kept as packages.
  if (!name || !version || name === 'gpg-pubkey') return undefined;
  const epoch = values.get(tags.epoch);
  const release = values.get(tags.release);
  const full = `${epoch === undefined ? '' : `${epoch}:`}${version}${release ? `-${release}` : ''}`;
  return { type: 'rpm', name, version: full };
}

function textAt(blob: Buffer, offset: number): string {
  const end = blob.indexOf(0, offset);
  return end === -1 ? '' : blob.toString('utf8', offset, end);
}
