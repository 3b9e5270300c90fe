import type { ObjectEntry, ObjectVersion } from '../../adapters/objects/objects.ts';
import type { ObjectLine } from '../set/manifest.ts';
import type { ObjectIndex } from './object-index.ts';

/** What is known of versions, and what is learned of them; asked and told key by key. */
export interface VersionIndex {
  /** By id, the versions of a key that have not changed. */
  find(versions: readonly ObjectVersion[]): Promise<ReadonlyMap<string, ObjectLine>>;
  keep(version: ObjectVersion, line: ObjectLine): Promise<void>;
  /** To be called after the last. */
  end(): Promise<void>;
}

/** The index of a bucket whose versions are copied: its names are in the order of key, time and id. */
export function versionIndex(index: ObjectIndex): VersionIndex {
  let key: string | undefined;
  let learned: { readonly name: string; readonly line: ObjectLine }[] = [];
  const flush = async () => {
    for (const { name, line } of learned.sort((a, b) => byText(a.name, b.name))) {
      await index.keep({ ...line, key: name });
    }
    learned = [];
  };
  return {
    async find(versions) {
      const known = new Map<string, ObjectLine>();
      const contents = versions.filter(({ isDeleteMarker }) => !isDeleteMarker);
      for (const version of contents.toSorted((a, b) => byText(nameOf(a), nameOf(b)))) {
        const entry: ObjectEntry = { ...version, key: nameOf(version) };
        const line = await index.find(entry);
        if (line) known.set(version.versionId, { ...line, key: version.key });
      }
      return known;
    },
    async keep(version, line) {
      if (version.key !== key) await flush();
      key = version.key;
      learned.push({ name: nameOf(version), line });
    },
    end: flush,
  };
}

/** No key has U+0000 in it. */
const nameOf = ({ key, lastModified, versionId }: ObjectVersion): string =>
  [key, lastModified.toISOString(), versionId].join('\0');

/** As the index compares: by bytes. */
const byText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
