import type { LayerEntry } from './layer.ts';
import type { Program } from './program.ts';
import type { TarType } from './tar.ts';

/**
 * The entries of a layer, by field: what is kept of them for later runs. To read so many objects back takes more than
 * twice as long as to make them from these.
 */
export interface KeptEntries {
  /** One behind the other, in UTF-8. */
  readonly paths: Uint8Array;
  /** Where each path ends, in bytes. */
  readonly pathEnds: Uint32Array;
  /** Every type there is, and which of them each entry is. */
  readonly types: readonly TarType[];
  readonly typeOf: Uint8Array;
  readonly modes: Float64Array;
  readonly uids: Float64Array;
  readonly gids: Float64Array;
  readonly sizes: Float64Array;
  /** By index, as what follows: most entries have none. */
  readonly linknames: ReadonlyMap<number, string>;
  readonly capable: ReadonlySet<number>;
  readonly checksums: ReadonlyMap<number, number>;
  readonly programs: ReadonlyMap<number, Program>;
}

export function keptEntries(entries: readonly LayerEntry[]): KeptEntries {
  const types = [...new Set(entries.map(({ type }) => type))];
  let end = 0;
  const present = <T>(field: (entry: LayerEntry) => T | undefined): ReadonlyMap<number, T> =>
    new Map(
      entries.flatMap((entry, index) => {
        const value = field(entry);
        return value === undefined ? [] : [[index, value]];
      }),
    );
  const numbers = (field: (entry: LayerEntry) => number) => Float64Array.from(entries, field);
  return {
    paths: Buffer.from(entries.map(({ path }) => path).join('')),
    pathEnds: Uint32Array.from(entries, ({ path }) => {
      end += Buffer.byteLength(path);
      return end;
    }),
    types,
    typeOf: Uint8Array.from(entries, ({ type }) => types.indexOf(type)),
    modes: numbers(({ mode }) => mode),
    uids: numbers(({ uid }) => uid),
    gids: numbers(({ gid }) => gid),
    sizes: numbers(({ size }) => size),
    linknames: present(({ linkname }) => linkname || undefined),
    capable: new Set(present(({ capability }) => capability || undefined).keys()),
    checksums: present(({ checksum }) => checksum),
    programs: present(({ program }) => program),
  };
}

export function entriesOf(kept: KeptEntries): LayerEntry[] {
  const { pathEnds, types, typeOf, modes, uids, gids, sizes } = kept;
  const { linknames, capable, checksums, programs } = kept;
  // Parts of one long text would be slower to use than texts of their own.
  const paths = Buffer.from(kept.paths.buffer, kept.paths.byteOffset, kept.paths.length);
  const entries: LayerEntry[] = [];
  for (let index = 0; index < pathEnds.length; index++) {
    const checksum = checksums.get(index);
    const program = programs.get(index);
    entries.push({
      path: paths.toString('utf8', pathEnds[index - 1] ?? 0, pathEnds[index]),
      type: types[typeOf[index] ?? 0] ?? 'other',
      mode: modes[index] ?? 0,
      uid: uids[index] ?? 0,
      gid: gids[index] ?? 0,
      size: sizes[index] ?? 0,
      linkname: linknames.get(index) ?? '',
      capability: capable.has(index),
      ...(checksum !== undefined && { checksum }),
      ...(program && { program }),
    });
  }
  return entries;
}
