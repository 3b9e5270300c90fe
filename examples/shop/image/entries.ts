import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path/posix';
import { Readable } from 'node:stream';
import { createTarPacker, type TarHeader, type TarPackController } from 'modern-tar';

type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'file'; readonly source: string }
  | { readonly type: 'directory' }
  | { readonly type: 'link'; readonly target: string };

/** One path of a layer, always owned by root: what runs must not be able to change itself. */
export interface Entry {
  /** Absolute, as the container sees it. */
  readonly path: string;
  readonly mode: number;
  readonly content: Content;
}

export const textEntry = (path: string, text: string, mode = 0o644): Entry => ({
  path,
  mode,
  content: { type: 'text', text },
});

export const fileEntry = (path: string, source: string, mode = 0o644): Entry => ({
  path,
  mode,
  content: { type: 'file', source },
});

export const directoryEntry = (path: string, mode = 0o755): Entry => ({
  path,
  mode,
  content: { type: 'directory' },
});

/** A symbolic link. */
export const linkEntry = (path: string, target: string): Entry => ({
  path,
  mode: 0o777,
  content: { type: 'link', target },
});

/** A tar stream of the entries: sorted, without times, so the same entries give the same bytes. */
export function packEntries(entries: readonly Entry[]): Readable {
  const { readable, controller } = createTarPacker();
  const complete = withParents(entries).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  addAll(controller, complete).catch((error: unknown) => controller.error(error));
  return Readable.from(readable);
}

async function addAll(controller: TarPackController, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) await add(controller, entry);
  controller.finalize();
}

async function add(controller: TarPackController, { path, mode, content }: Entry): Promise<void> {
  const fixed = { name: path.slice(1), mode, mtime: new Date(0), uid: 0, gid: 0 };
  const begin = (header: Pick<TarHeader, 'size' | 'type' | 'linkname'>, name = fixed.name) =>
    controller.add({ ...fixed, ...header, name });
  switch (content.type) {
    case 'directory':
      return begin({ type: 'directory', size: 0 }, `${fixed.name}/`).close();
    case 'link':
      return begin({ type: 'symlink', size: 0, linkname: content.target }).close();
    case 'text': {
      const body = Buffer.from(content.text);
      return new Blob([body]).stream().pipeTo(begin({ type: 'file', size: body.length }));
    }
    case 'file': {
      const { size } = await stat(content.source);
      const body = Readable.toWeb(createReadStream(content.source, { highWaterMark: 1 << 20 }));
      return body.pipeTo(begin({ type: 'file', size }));
    }
  }
}

/** Some unpackers refuse a file whose folder no entry announces. */
function withParents(entries: readonly Entry[]): readonly Entry[] {
  const byPath = new Map<string, Entry>();
  for (const { path } of entries) {
    for (let parent = dirname(path); parent !== '/'; parent = dirname(parent)) {
      byPath.set(parent, directoryEntry(parent));
    }
  }
  for (const entry of entries) byPath.set(entry.path, entry);
  return [...byPath.values()];
}
