import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientVersion, saidLast } from '../database/client-tools.ts';
import { damageOf, unpacked } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import { type DatabasePart, fileAt, type Manifest } from '../set/manifest.ts';
import type { Problem } from '../set/reports.ts';
import { setKey } from '../set/set-id.ts';
import type { BackupSystems } from '../systems.ts';
import { type Chosen, chooseEntries } from './choose-entries.ts';
import type { Selection } from './selection.ts';
import { readToc } from './toc.ts';

/**
 * Reads the table of contents of the dump of a set, which is at its beginning, and chooses from it.
 * @returns what is wrong with the dump
 * @throws Fault `usage-invalid`, `repository-*`, `tool-*`
 */
export async function chooseFromDump(
  { set, files, database }: Pick<Manifest, 'set' | 'files'> & { readonly database: DatabasePart },
  selection: Selection,
  repository: Repository,
  systems: BackupSystems,
): Promise<{ readonly chosen: Chosen } | { readonly damage: Problem }> {
  const { adapters, signal } = systems;
  await clientVersion('pg_restore', systems);
  const dump = fileAt({ files }, database.dump);
  const path = setKey(set, dump.path);
  const stored = await repository.get(path, signal);
  if (!stored) return { damage: { path, problem: 'it is missing' } };
  const input = unpacked(stored, dump, repository);
  const processes = await adapters.processes();
  try {
    const { value } = await processes.stream('pg_restore', ['--list', '--verbose'], {
      signal,
      input,
      output: async (stdout) => Buffer.concat(await stdout.toArray()).toString('utf8'),
      failure: (end) => new UnreadableDump(saidLast(end.stderr)),
    });
    return { chosen: chooseEntries(readToc(value), selection, database) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = error instanceof UnreadableDump ? error.message : damageOf(error);
    if (problem === undefined) throw error;
    return { damage: { path, problem } };
  } finally {
    input.destroy();
  }
}

class UnreadableDump extends Error {
  override readonly name = 'UnreadableDump';
}

/** A file for `pg_restore --use-list`. It holds numbers alone, no names; it goes with the scope. */
export async function listFile(
  { entries }: Chosen,
  { scope }: Pick<BackupSystems, 'scope'>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-list-'));
  await scope.defer('list of entries', () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'entries');
  await writeFile(path, entries.map(({ id }) => `${id};\n`).join(''), { mode: 0o600 });
  return path;
}
