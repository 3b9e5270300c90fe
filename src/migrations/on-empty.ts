import { createScratchDatabase } from '../backup/database/scratch-database.ts';
import type { DatabasePart } from '../backup/set/manifest.ts';
import type { DatabaseRef } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import type { Brought } from './known.ts';
import type { Outcome } from './observation.ts';
import { climb, walk } from './walk.ts';

/** Tries what the release brings on a database that only the migrations before it have made. */
export async function tryOnEmpty(
  { before, brought }: Brought,
  server: DatabaseRef,
  locale: DatabasePart['locale'],
  systems: BackupSystems,
): Promise<Outcome> {
  const created = await createScratchDatabase(server, locale, systems);
  if (!created.ok) return { server: null, stages: [], gaps: [created.lacking] };
  const { settings, identity } = created.value;
  const on = { settings, systems };
  const stuck = (await climb(before, on)).find(({ trouble }) => trouble)?.trouble;
  if (stuck) {
    const why = `${stuck.file}, which is in place already, does not run there: ${stuck.detail}`;
    const gaps = [{ what: 'the migrations on an empty database', why }];
    return { server: identity, stages: [], gaps };
  }
  const tried = await walk(brought, on);
  return { server: identity, stages: [{ on: 'empty', set: null, rows: 0, tried }], gaps: [] };
}
