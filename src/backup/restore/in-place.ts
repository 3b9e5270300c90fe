import { Fault } from '../../core/fault.ts';
import { readDatabases } from '../database/kept-note.ts';
import { keptName, switchDatabase } from '../database/switch.ts';
import { databaseSettings } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import type { DatabaseTarget } from './target.ts';

interface InPlace {
  /** The name of what was restored. */
  readonly fresh: string;
  /** What it is to be called. */
  readonly name: string;
  readonly set: string;
  /** Whether a database of that name may be put aside. */
  readonly replaces: boolean;
}

/**
 * From here on the database is no scratch: its comment goes, and with the name the undoing of it.
 * @returns the name under which the database is kept that had the name
 * @throws Fault `restore-refused` when one has come to have the name meanwhile, `database-failed`
 */
export async function putInPlace(
  server: DatabaseTarget['server'],
  { fresh, name, set, replaces }: InPlace,
  systems: BackupSystems,
): Promise<string | null> {
  const { adapters, signal, clock } = systems;
  const postgres = await adapters.postgres();
  await using admin = await postgres.connect(await databaseSettings(server, systems), signal);
  const { systemIdentifier } = await admin.identity(signal);
  const databases = await readDatabases(admin, signal);
  const present = databases.find((entry) => entry.name === name);
  const successor = databases.find((entry) => entry.name === fresh)?.oid;
  if (successor === undefined) throw new Error(`${fresh}, which was restored to, is gone`);
  if (present && !replaces) {
    throw new Fault('restore-refused', `a database ${name} was made while the set was restored`);
  }
  const at = clock.now();
  const note = { kept: 'before', name, set, at: at.toISOString(), systemIdentifier } as const;
  const aside = present && {
    as: keptName(name, at),
    note: { ...note, oid: present.oid, successor, comment: present.comment },
  };
  await switchDatabase(admin, { from: fresh, name, comment: null, aside: aside ?? null }, signal);
  return aside?.as ?? null;
}
