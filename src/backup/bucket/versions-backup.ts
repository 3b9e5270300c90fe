import type { ObjectVersion } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import type { BucketPart, ObjectLine, SetFile } from '../set/manifest.ts';
import { type TextFile, written } from '../set/text-file.ts';
import { inOrder, together } from '../systems.ts';
import { type Copied, type CopyPlace, copyObject } from './copy-object.ts';
import { sumsLine } from './listing.ts';
import type { ObjectIndex } from './object-index.ts';
import { smallWidth } from './small-objects.ts';
import { type VersionIndex, versionIndex } from './version-index.ts';
import type { ContentLine, ProtectionLine, VersionLine } from './version-line.ts';
import { byKey, type VersionOrder } from './version-order.ts';

type VersionsPart = NonNullable<BucketPart['versions']>;

/** Copies the versions of a bucket, and writes their listing. */
export interface VersionsBackup {
  /** The current objects; whoever reads them to the end has the versions copied. */
  readonly copied: AsyncIterable<Copied>;
  /** A current object that the server does not list. */
  add(line: ObjectLine, versionId: string): Promise<void>;
  /** To be called after the last of them. */
  end(): void;
  /** Writes the files until {@link end}. */
  files(signal: AbortSignal): Promise<void>;
  /** What the manifest says of them, once the files are written. */
  part(): VersionsPart;
}

/** @returns undefined when there is no such bucket, or its store has no versions */
export async function startVersions(
  place: CopyPlace & { readonly index: ObjectIndex },
  name: string,
): Promise<VersionsBackup | undefined> {
  const { store, source, writer, systems } = place;
  const { signal } = systems;
  const { bucket } = source.ref;
  const state = await store.versioning(bucket, signal);
  if (state === undefined || state === 'unsupported') return undefined;
  const listed = await store.listVersions(bucket, source.prefix, signal);
  if (!listed) return undefined;
  const isLocked = (await store.objectLock(bucket, signal))?.enabled === true;
  const listing = written(writer, `${name}.versions.jsonl`);
  const sums = written(writer, `${name}.versions.sha256`, { open: true });
  const counts = { count: 0, markers: 0, bytes: 0, unread: 0, unprotected: 0 };
  const orders = { mixed: 0, told: 0, 'as-listed': 0, unknown: 0 };
  const index = versionIndex(place.index);

  const write = async (line: VersionLine) => {
    await listing.write(`${JSON.stringify(line)}\n`);
    if (line.kind === 'delete-marker') {
      counts.markers += 1;
      return;
    }
    counts.count += 1;
    counts.bytes += line.size;
    await sums.write(sumsLine(line.object));
  };
  const copy = (one: CurrentOrNot) => copyVersion({ ...place, isLocked }, one);
  async function* copied(from: AsyncIterable<ObjectVersion>): AsyncGenerator<Copied> {
    for await (const one of inOrder(eachVersion(from, index, orders), smallWidth, copy)) {
      const { line, object, isRead, from: found } = one;
      const { key, versionId } = found.version;
      if (!line) {
        yield { key: found.isCurrent ? key : `${key}?versionId=${versionId}`, isRead };
        continue;
      }
      await write(line);
      if (!object) continue;
      await index.keep(found.version, object);
      if (!isRead) counts.unread += 1;
      if (one.isProtectionUnknown) counts.unprotected += 1;
      if (found.isCurrent) yield { key, line: object, isRead };
    }
    await index.end();
  }
  let files: readonly [SetFile, SetFile] | undefined;
  const whole = (text: TextFile) => (inner: AbortSignal) => text.file(inner);
  return {
    copied: copied(listed),
    add: (line, versionId) =>
      write({
        kind: 'version',
        ...line,
        versionId,
        isLatest: true,
        protection: null,
      } as ContentLine),
    end() {
      listing.end();
      sums.end();
    },
    async files(inner) {
      files = await together(inner, [whole(listing), whole(sums)]);
    },
    part() {
      if (!files) throw new Error('the files of the versions are not written yet');
      const doubtful = orders.mixed > 0 ? 0 : orders['as-listed'];
      const unordered = orders.unknown + doubtful;
      return { listing: files[0].path, sums: files[1].path, ...counts, unordered };
    },
  };
}

interface CurrentOrNot {
  readonly version: ObjectVersion;
  readonly isCurrent: boolean;
  /** Its line of an earlier run, where it has not changed. */
  readonly known: ObjectLine | undefined;
}

async function* eachVersion(
  listed: AsyncIterable<ObjectVersion>,
  index: VersionIndex,
  orders: Record<VersionOrder, number>,
): AsyncGenerator<CurrentOrNot> {
  for await (const { versions, order } of byKey(listed)) {
    orders[order] += 1;
    const known = await index.find(versions);
    for (const version of versions) {
      const isCurrent = version === versions.at(-1);
      yield { version, isCurrent, known: known.get(version.versionId) };
    }
  }
}

interface CopiedVersion {
  readonly from: CurrentOrNot;
  /** Undefined when it has gone. */
  readonly line?: VersionLine;
  /** Undefined for a delete marker. */
  readonly object?: ObjectLine;
  readonly isRead: boolean;
  readonly isProtectionUnknown?: boolean;
}

async function copyVersion(
  place: CopyPlace & { readonly isLocked: boolean },
  from: CurrentOrNot,
): Promise<CopiedVersion> {
  const { key, versionId, lastModified, isDeleteMarker } = from.version;
  const known = {
    key,
    versionId,
    isLatest: from.isCurrent,
    lastModified: lastModified.toISOString(),
  };
  if (isDeleteMarker) {
    return { from, line: { kind: 'delete-marker', ...known }, isRead: false };
  }
  const find = async () => from.known;
  const { line: object, isRead } = await copyObject({ ...place, index: { find } }, from.version);
  if (!object) return { from, isRead };
  const protection = place.isLocked ? await protectionOf(place, from.version) : null;
  const line: ContentLine = {
    kind: 'version',
    ...object,
    ...known,
    protection: protection === 'unknown' ? null : protection,
  };
  return { from, line, object, isRead, isProtectionUnknown: protection === 'unknown' };
}

async function protectionOf(
  { store, source, systems }: CopyPlace,
  { key, versionId }: ObjectVersion,
): Promise<ProtectionLine | null | 'unknown'> {
  try {
    const found = await store.protection(source.ref.bucket, key, versionId, systems.signal);
    if (!found) return null;
    const { retention, legalHold } = found;
    const until = retention?.until.toISOString();
    return { legalHold, retention: retention && until ? { mode: retention.mode, until } : null };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'objects-denied') throw error;
    return 'unknown';
  }
}
