import type { Lease } from '../repository/lease.ts';
import { type Repository, repositoryFolders } from '../repository/repository.ts';
import type { PublishedManifest } from '../set/manifest.ts';
import { setFiles, setKey, setOfReport } from '../set/set-id.ts';
import { type BackupEvent, inOrder } from '../systems.ts';
import type { LeftAlone } from './inventory.ts';
import { forEachObject } from './objects-of.ts';
import type { Announce } from './removals.ts';
import { removeTombstone, type Tombstone } from './tombstones.ts';

export interface Erased {
  /** Sets of which nothing is left. */
  readonly sets: readonly string[];
  /** Files of those sets. */
  readonly files: number;
  readonly objects: number;
  /** Of files and objects. */
  readonly bytes: number;
  /** Whose time is over, and whose data stays for now. */
  readonly postponed: readonly LeftAlone[];
  readonly notExamined: readonly LeftAlone[];
}

interface Erasing {
  readonly due: readonly Tombstone[];
  /** Manifests of all that may still be read. */
  readonly live: readonly PublishedManifest[];
  readonly objectsHeldBy: readonly LeftAlone[];
}

export interface Working {
  readonly lease: Pick<Lease, 'confirm'>;
  readonly announce: Announce;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BackupEvent) => void;
}

/** Objects of one list. */
const batchSize = 50_000;
/** That many are removed between two looks at the leases. */
const betweenLooks = 64;
const width = 8;

/**
 * Removes the data of sets whose time is over: first the objects that nothing else counts on, then their
 * files, and their tombstones last. Objects that none of their manifests names are never touched.
 */
export async function eraseRetired(
  repository: Repository,
  { due, live, objectsHeldBy }: Erasing,
  { lease, announce, signal, onEvent }: Working,
): Promise<Erased> {
  const candidates = new Set<string>();
  const postponed: LeftAlone[] = [];
  const notExamined: LeftAlone[] = [];
  const ready: Tombstone[] = [];
  for (const tombstone of due) {
    const own = new Set<string>();
    const problem = await listedBy(repository, tombstone, own, signal);
    const holder = objectsHeldBy[0];
    if (own.size > 0 && holder) {
      postponed.push({
        set: tombstone.set,
        why: `objects stay while ${holder.set}: ${holder.why}`,
      });
      continue;
    }
    if (problem !== undefined && !(await isPartlyErased(repository, tombstone.set, signal))) {
      notExamined.push({ set: tombstone.set, why: `objects of it may stay: ${problem}` });
    }
    for (const key of own) candidates.add(key);
    ready.push(tombstone);
  }
  for (const manifest of candidates.size > 0 ? live : []) {
    const spare = (key: string) => candidates.delete(key);
    const problem = await forEachObject(repository, manifest, spare, signal);
    if (problem !== undefined) {
      const why = `what it counts on is not known: ${problem}`;
      return { ...nothing, postponed, notExamined: [...notExamined, { set: manifest.set, why }] };
    }
  }

  let objects = 0;
  let bytes = 0;
  for (;;) {
    const batch = [...candidates].slice(0, batchSize);
    if (batch.length === 0) break;
    await announce(batch, signal);
    const doomed = (async function* () {
      for (const [at, key] of batch.entries()) {
        // The first look comes after the list is there: who makes a set since has read it.
        if (at % betweenLooks === 0) await lease.confirm();
        candidates.delete(key);
        yield key;
      }
    })();
    const removed = inOrder(doomed, width, async (key) => {
      const found = await repository.stat(key, signal);
      if (found) await repository.remove(key, signal);
      return found;
    });
    for await (const found of removed) {
      if (!found) continue;
      objects += 1;
      bytes += found.size;
      onEvent({ type: 'bytes', bytes: found.size });
    }
  }

  let files = 0;
  const sets: string[] = [];
  for (const { set } of ready) {
    await lease.confirm();
    const erased = await eraseFiles(repository, set, signal);
    if (!erased) continue;
    files += erased.files;
    bytes += erased.bytes;
    sets.push(set);
  }
  return { sets, files, objects, bytes, postponed, notExamined };
}

const nothing = { sets: [], files: 0, objects: 0, bytes: 0 } as const;

/** @returns why it cannot be told; what is not known for sure to be its own stays */
async function listedBy(
  repository: Repository,
  { manifest }: Tombstone,
  into: Set<string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (manifest === null) return undefined;
  const problem = await forEachObject(repository, manifest, (key) => into.add(key), signal);
  if (problem !== undefined) into.clear();
  return problem;
}

/** A prune that broke off among its files had removed the objects before, and this file before the lists of them. */
async function isPartlyErased(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<boolean> {
  return (await repository.stat(setKey(set, setFiles.sums), signal)) === undefined;
}

/**
 * Removes whatever lies below the name of a set that has a tombstone, its marker and tombstone last.
 * @returns undefined when somebody made it a set again
 */
async function eraseFiles(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly bytes: number } | undefined> {
  if (await repository.stat(setKey(set, setFiles.manifest), signal)) return undefined;
  await repository.discard(set, signal);
  const entries = [];
  for await (const entry of repository.list(setKey(set, ''), signal)) entries.push(entry);
  const marker = setKey(set, setFiles.started);
  const last = (key: string) => (key === marker ? 2 : key.endsWith('.sha256.zst') ? 1 : 0);
  for (const { key } of entries.sort((a, b) => last(a.key) - last(b.key))) {
    await repository.remove(key, signal);
  }
  for (const folder of [repositoryFolders.verifications, repositoryFolders.rehearsals]) {
    const reports: string[] = [];
    for await (const { key } of repository.list(folder, signal)) {
      if (setOfReport(key) === set) reports.push(key);
    }
    for (const key of reports) await repository.remove(key, signal);
  }
  await removeTombstone(repository, set, signal);
  return { files: entries.length, bytes: entries.reduce((sum, { size }) => sum + size, 0) };
}
