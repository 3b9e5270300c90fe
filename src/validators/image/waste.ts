import type { Image } from './image.ts';

/** Bytes that an image carries and no container sees. */
export interface Waste {
  /** Index of the layer that holds the bytes, and of the one that hides them. */
  readonly layer: number;
  readonly by: number;
  readonly how: 'deleted' | 'overwritten';
  readonly path: string;
  readonly bytes: number;
  /** Overwritten by a file of the same size: most likely its mode, owner or time changed and nothing else. */
  readonly sameSize: boolean;
}

export function wasteOf({ filesystem, layers }: Image): readonly Waste[] {
  return filesystem.hidden.flatMap(({ layer, index, by, how }) => {
    const entry = layers[layer]?.entries[index];
    if (entry?.type !== 'file' || entry.size === 0) return [];
    // A later name in the same layer replaces an earlier one; that is the archive's matter.
    if (layer === by) return [];
    const now = how === 'overwritten' ? filesystem.lookup(entry.path)?.entry : undefined;
    const sameSize = now?.type === 'file' && now.size === entry.size;
    return [{ layer, by, how, path: entry.path, bytes: entry.size, sameSize }];
  });
}

/** Bytes of the files of all layers. */
export function fileBytes({ layers }: Image): number {
  return layers.reduce(
    (all, { entries }) =>
      entries.reduce((sum, { type, size }) => (type === 'file' ? sum + size : sum), all),
    0,
  );
}
