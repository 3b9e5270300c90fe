import { lackingOn } from '../backup/database/environment.ts';
import {
  createScratchDatabase,
  type ScratchDatabase,
} from '../backup/database/scratch-database.ts';
import type { Repository } from '../backup/repository/repository.ts';
import { fillDatabase } from '../backup/restore/database.ts';
import type { DatabasePart, Manifest } from '../backup/set/manifest.ts';
import type { DatabaseRef } from '../backup/sources.ts';
import { type BackupSystems, startSteps } from '../backup/systems.ts';
import { readApplied } from './applied.ts';
import { broughtTo, type Known } from './known.ts';
import type { Outcome } from './observation.ts';
import { readColumns, readRows } from './rows.ts';
import { descend, walk } from './walk.ts';

/** A set that holds a database. */
export interface SetOfRows {
  readonly repository: Repository;
  readonly manifest: Manifest & { readonly database: DatabasePart };
}

const what = 'the migrations on rows';

/** Tries what the release brings on the rows of a backup, or says why it could not. */
export async function tryOnRows(
  known: readonly Known[],
  server: DatabaseRef,
  rows: SetOfRows | { readonly why: string },
  systems: BackupSystems,
): Promise<Outcome> {
  if ('why' in rows) return { server: null, stages: [], gaps: [{ what, why: rows.why }] };
  const { set, database } = rows.manifest;
  const created = await createScratchDatabase(server, database.locale, systems);
  if (!created.ok) return { server: null, stages: [], gaps: [created.lacking] };
  const { settings, identity } = created.value;
  const without = (why: string): Outcome => {
    return { server: identity, stages: [], gaps: [{ what, why: `the set ${set}: ${why}` }] };
  };
  const hindrance = await restoreInto(created.value, rows, systems);
  if (hindrance !== undefined) return without(hindrance);
  const { applied, rowCount } = await lookAt(created.value, systems);
  if (!applied) return without('it has no table of applied migrations, so where it stands is open');

  const { brought, inPlace } = broughtTo(known, applied);
  const on = { settings, systems };
  const stage = { on: 'rows', set, rows: rowCount } as const;
  // It has to go down before it can come up.
  if (inPlace) {
    const descended = brought.every(({ down }) => down) ? await descend(brought, on) : [];
    const stopped = descended.length < brought.length || descended.some(({ trouble }) => trouble);
    if (stopped) return { server: identity, stages: [{ ...stage, tried: descended }], gaps: [] };
  }
  return { server: identity, stages: [{ ...stage, tried: await walk(brought, on) }], gaps: [] };
}

/** @returns what kept the set from being there */
async function restoreInto(
  { settings, identity }: ScratchDatabase,
  { manifest, repository }: SetOfRows,
  systems: BackupSystems,
): Promise<string | undefined> {
  const { adapters, signal } = systems;
  const postgres = await adapters.postgres();
  const lacking = await (async () => {
    await using database = await postgres.connect(settings, signal);
    return await lackingOn(database, manifest.database, signal);
  })();
  const target = { settings, serverVersion: identity.serverVersion };
  const steps = startSteps(systems);
  const filled =
    lacking.length > 0
      ? undefined
      : await fillDatabase(manifest, repository, target, steps, systems);
  const [first] = [
    ...[...lacking, ...(filled?.lacking ?? [])].map((entry) => `${entry.what}: ${entry.why}`),
    ...(filled?.damage ?? []).map(({ path, problem }) => `${path}: ${problem}`),
    ...(filled?.differences ?? []).map((entry) => `${entry.what}: ${entry.found}`),
  ];
  if (first !== undefined) return first;
  await using database = await postgres.connect(settings, signal);
  const { rows } = await database.query(
    'select srvname from pg_foreign_server limit 1',
    [],
    signal,
  );
  // A script that writes to a foreign table would write to the real thing behind it.
  return rows[0] && `it has the foreign server ${rows[0].srvname}, which leads out of the scratch`;
}

async function lookAt({ settings }: ScratchDatabase, { adapters, signal }: BackupSystems) {
  const postgres = await adapters.postgres();
  await using database = await postgres.connect(settings, signal);
  const applied = await readApplied(database, signal);
  const rows = await readRows(database, await readColumns(database, signal), signal);
  return { applied, rowCount: [...rows.values()].reduce((sum, table) => sum + table.rows, 0) };
}
