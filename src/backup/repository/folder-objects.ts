import { dirname, join } from 'node:path';
import { inTurn } from '../in-turn.ts';
import type { FileThreads } from './file-threads.ts';
import { absent, linked, syncFolder, walk, writing } from './folder-files.ts';
import type { PartialFiles } from './folder-partial.ts';
import {
  type AddressedOptions,
  checkedKey,
  digestOfObject,
  type Extent,
  extentOf,
  isDigestName,
  objectKey,
  type PutOutcome,
  type Repository,
} from './repository.ts';

/** Folders that are synced side by side. */
const syncWidth = 4;

/** Where an object is, and the digest of what is there when that is another one. */
interface Placed {
  readonly outcome: 'stored' | 'exists';
  readonly key: string;
  readonly sha256?: string;
}

/** A whole object of a folder whose objects are all of one content. One that was cut is none. */
async function sameSize(
  root: string,
  folder: string,
  { size }: Extent,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const entry of walk(root, folder, signal)) {
    if (entry.size === size && isDigestName(entry.key)) return entry.key;
  }
  return undefined;
}

/** Objects of a folder by their content. */
export function folderObjects(
  root: string,
  partial: PartialFiles,
  threads: FileThreads,
): Pick<Repository, 'putAddressed' | 'settle'> {
  const storing = inTurn();
  /** Folders whose names may not be durable yet. */
  const unsettled = new Set<string>();
  const pathOf = (key: string) => join(root, checkedKey(key));

  /** @param stage gives the file to be published, or undefined when there is one under that name */
  const place = async (
    extent: Extent,
    { announce, folder }: AddressedOptions,
    stage: (as: string) => Promise<string | undefined>,
    signal: AbortSignal,
  ): Promise<Placed> => {
    const within = folder?.();
    // Equal contents that come at once: encrypted, they have names of their own.
    return storing<Placed>(within ?? extent.sha256, async () => {
      const there = within === undefined ? undefined : await sameSize(root, within, extent, signal);
      const key =
        there ?? (within === undefined ? objectKey(extent.sha256) : within + extent.sha256);
      const path = pathOf(key);
      unsettled.add(dirname(path));
      if (there !== undefined) return { outcome: 'exists', key, sha256: digestOfObject(key) };
      const file = await stage(path);
      if (file === undefined) return { outcome: 'exists', key };
      try {
        await announce(key);
        return { outcome: await publish(file, path), key };
      } catch (error) {
        await partial.drop(file);
        throw error;
      }
    });
  };

  const publish = async (file: string, path: string): Promise<'stored' | 'exists'> => {
    const folders = await linked(path, (as) => partial.publish(file, as));
    for (const folder of folders ?? []) unsettled.add(folder);
    if (folders) return 'stored';
    await partial.drop(file);
    return 'exists';
  };

  return {
    putAddressed: (content, options, signal) =>
      writing(root, signal, async (): Promise<PutOutcome & { readonly key: string }> => {
        const { owner } = options;
        if (content instanceof Uint8Array) {
          const extent = extentOf(content);
          const stage = (as: string) => partial.stage(content, owner, as);
          return { ...extent, ...(await place(extent, options, stage, signal)) };
        }
        const whole = (file: string, extent: Extent) => {
          const stage = async (as: string) =>
            (await threads.run({ do: 'size', path: as })) === null ? file : undefined;
          return place(extent, options, stage, signal);
        };
        return partial.write(content, owner, whole, signal);
      }),
    settle: (signal) =>
      writing(root, signal, async () => {
        const folders = [...unsettled];
        unsettled.clear();
        const lane = async () => {
          for (let next = folders.pop(); next; next = folders.pop()) {
            const folder = next;
            await absent(() => syncFolder(folder));
          }
        };
        await Promise.all(Array.from({ length: syncWidth }, lane));
      }),
  };
}
