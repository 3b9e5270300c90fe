import type { Manifest } from '../manifest.ts';
import { objectKey, type Repository, repositoryFolders } from '../repository.ts';
import { setFiles, setKey, setOfReport } from '../set-id.ts';
import { openSets } from '../sets.ts';
import { type BackupEvent, inOrder } from '../systems.ts';
import { knownSets } from '../unfinished.ts';
import type { PruneClaim } from './claims.ts';
import type { LeftAlone } from './inventory.ts';
import { forEachObject } from './objects-of.ts';
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
  readonly live: readonly Manifest[];
  readonly objectsHeldBy: readonly LeftAlone[];
}

interface Working {
  readonly signal: AbortSignal;
  readonly onEvent: (event: BackupEvent) => void;
}

/** Objects in one announcement; that many are removed between two looks at the sets. */
const batchSize = 50_000;
const width = 8;

/**
 * Removes the data of sets whose time is over: first the objects that nothing else counts on, then their
 * files, and their tombstones last. Objects that none of their manifests names are never touched.
 */
export async function eraseRetired(
  repository: Repository,
  { due, live, objectsHeldBy }: Erasing,
  claim: PruneClaim,
  working: Working,
): Promise<Erased> {
  const { signal, onEvent } = working;
  const candidates = new Map<string, number>();
  const postponed: LeftAlone[] = [];
  const notExamined: LeftAlone[] = [];
  const ready: Tombstone[] = [];
  for (const tombstone of due) {
    const own = new Map<string, number>();
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
    for (const [hex, size] of own) candidates.set(hex, size);
    ready.push(tombstone);
  }
  const spare = (manifest: Manifest) =>
    forEachObject(repository, manifest, ({ sha256 }) => candidates.delete(sha256), signal);
  const seen = new Set<string>();
  for (const manifest of candidates.size > 0 ? live : []) {
    const problem = await spare(manifest);
    if (problem !== undefined) {
      const why = `what it counts on is not known: ${problem}`;
      return { ...nothing, postponed, notExamined: [...notExamined, { set: manifest.set, why }] };
    }
    seen.add(manifest.set);
  }

  let objects = 0;
  let bytes = 0;
  for (;;) {
    const batch = [...candidates].slice(0, batchSize);
    if (batch.length === 0) break;
    claim.holds();
    await claim.announce(
      batch.map(([hex]) => hex),
      signal,
    );
    // A set that began or appeared since may count on them; what begins from now on knows of the claim.
    const newcomer = await newcomerSince(repository, seen, spare, signal);
    if (newcomer)
      return { ...nothing, objects, bytes, postponed: [...postponed, newcomer], notExamined };
    const doomed = (async function* () {
      for (const [hex, size] of batch) if (candidates.delete(hex)) yield { hex, size };
    })();
    const removed = inOrder(doomed, width, async ({ hex, size }) => {
      claim.holds();
      await repository.remove(objectKey(hex), signal);
      return size;
    });
    for await (const size of removed) {
      objects += 1;
      bytes += size;
      onEvent({ type: 'bytes', bytes: size });
    }
  }

  let files = 0;
  const sets: string[] = [];
  for (const { set } of ready) {
    claim.holds();
    const erased = await eraseFiles(repository, set, signal);
    if (!erased) continue;
    files += erased.files;
    bytes += erased.bytes;
    sets.push(set);
  }
  return { sets, files, objects, bytes, postponed, notExamined };
}

const nothing = { sets: [], files: 0, objects: 0, bytes: 0 } as const;

async function listedBy(
  repository: Repository,
  { manifest }: Tombstone,
  into: Map<string, number>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (manifest === null) return undefined;
  return forEachObject(repository, manifest, (line) => into.set(line.sha256, line.size), signal);
}

/** A prune that broke off among its files had removed the objects before, and this file before listings. */
async function isPartlyErased(
  repository: Repository,
  set: string,
  signal: AbortSignal,
): Promise<boolean> {
  return (await repository.stat(setKey(set, setFiles.sums), signal)) === undefined;
}

/** Spares what sets count on that appeared since; @returns the one that keeps objects from going */
async function newcomerSince(
  repository: Repository,
  seen: Set<string>,
  spare: (manifest: Manifest) => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<LeftAlone | undefined> {
  const { unfinished } = await knownSets(repository, signal);
  if (unfinished[0] !== undefined) return { set: unfinished[0], why: 'it is being made' };
  for (const opened of await openSets(repository, signal)) {
    if (seen.has(opened.set)) continue;
    const problem = opened.manifest ? await spare(opened.manifest) : opened.problem;
    if (problem !== undefined) return { set: opened.set, why: problem };
    seen.add(opened.set);
  }
  return undefined;
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
  const last = (key: string) => (key === marker ? 2 : key.endsWith('.jsonl.zst') ? 1 : 0);
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
