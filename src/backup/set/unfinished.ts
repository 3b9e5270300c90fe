import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { systemCode, writeFault } from '../../core/fault.ts';
import { isRepositoryKey, type Repository, repositoryFolders } from '../repository/repository.ts';
import { tombstonedSets, tombstoneKey } from '../retention/tombstones.ts';
import { openRepository, type RepositoryRef } from '../sources.ts';
import type { BackupAdapters, BackupSystems } from '../systems.ts';
import { isSetId, setFiles, setKey } from './set-id.ts';

/** What the ledger keeps of a set that is being written. */
const refSchema = z.object({
  repository: z.string(),
  set: z.string().refine(isSetId),
  journal: z.string(),
});

/** The first line of a journal; each further line is the key of a shared object to be stored. */
const headSchema = z.object({ known: z.array(z.string()) });

export interface UnfinishedSet {
  /** Notes an object before it appears. */
  announce(key: string): Promise<void>;
  /** Sets that others were writing when this one began. */
  readonly others: readonly string[];
}

const journalName = (set: string): string => `backup-${set}.journal`;

/**
 * Sees to it that the set goes again, with the objects only it stored, unless its manifest is there by
 * the end. To be called before anything of the set is written.
 */
export async function beginSet(
  repository: Repository,
  ref: RepositoryRef,
  set: string,
  { scope, home, signal }: Pick<BackupSystems, 'scope' | 'home' | 'signal'>,
): Promise<UnfinishedSet> {
  const journal = join(home, journalName(set));
  let file: number | undefined;
  let over = false;
  const undo = (fresh: AbortSignal) => {
    if (file !== undefined && !over) closeSync(file);
    over = true;
    return discardSet(repository, set, journal, fresh);
  };
  await scope.defer(`unfinished backup set ${set}`, undo, {
    deadlineMs: 60_000,
    leftover: {
      kind: 'backup-set',
      ref: JSON.stringify({ repository: ref.url, set, journal } satisfies z.infer<
        typeof refSchema
      >),
    },
  });
  const { complete, unfinished } = await knownSets(repository, signal);
  const noting = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      throw writeFault('run-folder-unwritable', journal, error);
    }
  };
  const head = { known: [...complete, ...unfinished] } satisfies z.infer<typeof headSchema>;
  await noting(() => mkdir(home, { recursive: true }));
  const note = async (line: string) => {
    // A line for each object: to hand it to another thread would take longer than to write it.
    if (over) throw new Error('the set was given up');
    file ??= openSync(journal, 'wx', 0o600);
    writeSync(file, `${line}\n`);
  };
  await noting(() => note(JSON.stringify(head)));
  return { others: unfinished, announce: (key) => noting(() => note(key)) };
}

export interface KnownSets {
  readonly complete: readonly string[];
  /** Being made, or left by a run that died. */
  readonly unfinished: readonly string[];
  /** Pruned: they have a tombstone and no manifest. */
  readonly retired: readonly string[];
}

/** Ids of sets, told apart by whether their manifest is there. */
export async function knownSets(repository: Repository, signal: AbortSignal): Promise<KnownSets> {
  const all = new Set<string>();
  const complete = new Set<string>();
  for await (const { key } of repository.list(repositoryFolders.sets, signal)) {
    const [, set = '', ...file] = key.split('/');
    if (!isSetId(set)) continue;
    all.add(set);
    if (file.join('/') === setFiles.manifest) complete.add(set);
  }
  // After the sets: one that was published and pruned in between would look unfinished otherwise.
  const tombstoned = await tombstonedSets(repository, signal);
  const byTime = [...new Set([...all, ...tombstoned])].sort();
  const others = byTime.filter((set) => !complete.has(set));
  return {
    complete: byTime.filter((set) => complete.has(set)),
    unfinished: others.filter((set) => !tombstoned.has(set)),
    retired: others.filter((set) => tombstoned.has(set)),
  };
}

/**
 * Removes a set that has no manifest, the marker last. Shared objects go only when no set came after
 * this one's start, for such a set may count on them; an object too many does no harm.
 */
async function discardSet(
  repository: Repository,
  set: string,
  journal: string,
  signal: AbortSignal,
): Promise<void> {
  const lines = (await readJournal(journal)).filter((line) => line !== '');
  const published =
    (await repository.stat(setKey(set, setFiles.manifest), signal)) ??
    // It was a set, and what is left of it is for the next prune to remove.
    (await repository.stat(tombstoneKey(set), signal));
  // Also of one that is whole: its last file has its name before it loses the one of a partial file.
  await repository.discard(set, signal);
  if (!published) {
    const files: string[] = [];
    for await (const { key } of repository.list(setKey(set, ''), signal)) files.push(key);
    const marker = setKey(set, setFiles.started);
    for (const key of files) if (key !== marker) await repository.remove(key, signal);
    await removeObjects(repository, set, lines, signal);
    await repository.remove(marker, signal);
  }
  await rm(journal, { force: true });
}

async function removeObjects(
  repository: Repository,
  set: string,
  [head = '{}', ...keys]: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (keys.length === 0) return;
  const known = new Set(headSchema.safeParse(JSON.parse(head)).data?.known);
  const { complete, unfinished } = await knownSets(repository, signal);
  if ([...complete, ...unfinished].some((other) => other !== set && !known.has(other))) return;
  for (const key of keys) {
    if (key.startsWith(repositoryFolders.objects) && isRepositoryKey(key)) {
      await repository.remove(key, signal);
    }
  }
}

async function readJournal(path: string): Promise<string[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n');
    // The last line is empty, or one that a crash cut short: its object was not stored yet.
    return lines.slice(0, -1);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Undoes a leftover of kind `backup-set`.
 * @throws Error when the ledger's entry is none that deploycheck writes; a fault of the repository
 */
export async function undoUnfinishedSet(
  ref: string,
  adapters: BackupAdapters,
  signal: AbortSignal,
): Promise<void> {
  const { repository: url, set, journal } = refSchema.parse(JSON.parse(ref));
  if (basename(journal) !== journalName(set)) throw new Error('not a journal of deploycheck');
  const repository = await openRepository({ url }, { adapters, env: process.env });
  try {
    await discardSet(repository, set, journal, signal);
  } finally {
    repository.close();
  }
}
