import { Fault } from '../../core/fault.ts';
import { compareDatabase } from '../database/compare-database.ts';
import { lackingOn } from '../database/environment.ts';
import { createScratchDatabase, type ScratchDatabase } from '../database/scratch-database.ts';
import { isFilled, timed } from '../outcome.ts';
import type { Repository } from '../repository/repository.ts';
import type { DatabasePart, Manifest } from '../set/manifest.ts';
import type { Problem } from '../set/reports.ts';
import type { BackupSystems, Steps } from '../systems.ts';
import type { Chosen } from './choose-entries.ts';
import { chooseFromDump, listFile } from './choose-from-dump.ts';
import { type Filled, fillDatabase } from './database.ts';
import { partOf } from './plan.ts';
import type { Selection } from './selection.ts';
import type { DatabaseTarget } from './target.ts';

/** An empty database in which the set can live, and what of the set is to be in it. */
export interface Beside {
  readonly part: Manifest & { readonly database: DatabasePart };
  readonly scratch: ScratchDatabase;
  /** All of it when not given. */
  readonly only?: Chosen;
}

/**
 * @returns what is wrong with the dump when a part of it cannot be chosen
 * @throws Fault `restore-environment`, `usage-invalid`, `database-*`, `repository-*`
 */
export async function prepareBeside(
  manifest: Manifest,
  { server }: DatabaseTarget,
  selection: Selection | null,
  repository: Repository,
  steps: Steps,
  systems: BackupSystems,
): Promise<Beside | { readonly damage: Problem }> {
  const { adapters, signal } = systems;
  const database = partOf(manifest);
  const part = { ...manifest, database };
  const choice = selection && (await chooseFromDump(part, selection, repository, systems));
  if (choice && 'damage' in choice) return choice;
  const created = await steps.run('database beside', () =>
    createScratchDatabase(server, database.locale, systems),
  );
  if (!created.ok) throw lacksFault([created.lacking]);
  const scratch = created.value;
  const postgres = await adapters.postgres();
  await using connection = await postgres.connect(scratch.settings, signal);
  const lacking = await lackingOn(connection, database, signal);
  if (lacking.length > 0) throw lacksFault(lacking);
  return { part, scratch, ...(choice && { only: choice.chosen }) };
}

/**
 * Restores into it, and compares.
 * @throws Fault `restore-environment`, `database-*`, `repository-*`, `identity-*`
 */
export async function fillBeside(
  { part, scratch, only }: Beside,
  repository: Repository,
  steps: Steps,
  systems: BackupSystems,
): Promise<Filled> {
  const { settings, identity } = scratch;
  const list = only && (await listFile(only, systems));
  const to = { settings, serverVersion: identity.serverVersion, ...(list && { list }) };
  const result = await fillDatabase(part, repository, to, steps, systems);
  if (result.lacking.length > 0) throw lacksFault(result.lacking);
  if (!isFilled(result)) return result;
  return await steps.run(timed.compare, () =>
    compareDatabase(part, repository, scratch, systems, only),
  );
}

function lacksFault(lacking: Filled['lacking']): Fault {
  const text = lacking.map(({ what, why }) => `${what}: ${why}`).join('; ');
  return new Fault('restore-environment', text);
}
