import { readLocale } from '../backup/database/locale.ts';
import { type DatabaseRef, databaseSettings } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { readApplied } from './applied.ts';
import { readFolder, unsupported } from './folder.ts';
import { broughtTo, knownOf, seenOf } from './known.ts';
import { type MigrationRehearsal, migrationRehearsal } from './observation.ts';
import { tryOnEmpty } from './on-empty.ts';
import { type SetOfRows, tryOnRows } from './on-rows.ts';

export interface MigrationsRequest {
  readonly service: string;
  readonly dir: string;
  /** Folder that `dir` is relative to. */
  readonly root: string;
  /** Whose table of applied migrations is read; nothing is written to it. */
  readonly live: DatabaseRef;
  /** Any database of the server that scratch databases are made on. */
  readonly server: DatabaseRef;
  /** The rows to try on, or why there are none. */
  readonly rows: SetOfRows | { readonly why: string };
}

/**
 * Tries the migrations of a release up, down and up again: on a database that holds nothing, and on one
 * that holds the rows of a backup. The scratch databases go with the scope.
 * @throws Fault `input-missing`, `input-empty`, `database-*`, `tool-*`, `repository-*`, `client-too-old`
 */
export async function rehearseMigrations(
  { service, dir, root, live, server, rows }: MigrationsRequest,
  systems: BackupSystems,
): Promise<MigrationRehearsal> {
  const read = await readFolder(dir, root, systems.signal);
  const { folder, layout } = read;
  const what = `migrations of ${service}`;
  if (layout.layout === 'unsupported') {
    const gaps = [{ what, why: unsupported(folder, layout.detected) }];
    const nothing = { server: null, table: null, dirty: false, migrations: [], stages: [] };
    return migrationRehearsal({ service, folder, ...nothing, gaps });
  }
  const { applied, locale } = await lookAtLive(live, systems);
  const known = layout.migrations.map((files) => knownOf(files, read));
  const release = broughtTo(known, applied);
  const seen = {
    ...{ service, folder, table: applied?.table ?? null, dirty: applied?.dirty ?? false },
    migrations: known.map((entry) => seenOf(entry, folder, release.brought.includes(entry))),
  };
  const [outside] = known.flatMap((entry) => entry.outside ?? []);
  if (outside !== undefined) {
    const gaps = [{ what, why: outside }];
    return migrationRehearsal({ ...seen, server: null, stages: [], gaps });
  }
  const onEmpty = await tryOnEmpty(release, server, locale, systems);
  const onRows = await tryOnRows(known, server, rows, systems);
  return migrationRehearsal({
    ...seen,
    server: onEmpty.server ?? onRows.server,
    stages: [...onEmpty.stages, ...onRows.stages],
    gaps: [...onEmpty.gaps, ...onRows.gaps],
  });
}

async function lookAtLive(live: DatabaseRef, systems: BackupSystems) {
  const { adapters, signal } = systems;
  const postgres = await adapters.postgres();
  await using database = await postgres.connect(await databaseSettings(live, systems), signal);
  const applied = await readApplied(database, signal);
  return { applied, locale: await readLocale(database, signal) };
}
