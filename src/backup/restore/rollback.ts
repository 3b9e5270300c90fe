import type { Database } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import {
  type DatabaseEntry,
  type KeptDatabase,
  keptFor,
  readDatabases,
} from '../database/kept-note.ts';
import { keptName, type Switch, switchDatabase } from '../database/switch.ts';
import { databaseSettings } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import type { DatabaseTarget } from './target.ts';

export interface RollbackTarget extends DatabaseTarget {
  /** Which of several kept databases gets its name back; null where there is one. */
  readonly kept: string | null;
  /** A database may be put aside that is not the one the restore put there. */
  readonly replace: boolean;
}

export type RollbackPlan =
  | { readonly type: 'done already'; readonly lines: readonly string[] }
  | { readonly type: 'switch'; readonly lines: readonly string[]; readonly change: Switch };

/**
 * Looks for what a restore put aside, and says what undoing the restore would change. Writes nothing.
 * @throws Fault `restore-refused`, `database-*`
 */
export async function planRollback(
  target: RollbackTarget,
  systems: BackupSystems,
): Promise<RollbackPlan> {
  await using admin = await connectTo(target, systems);
  return await planOn(admin, target, systems);
}

/**
 * Gives the database that a restore put aside its name back, as {@link planRollback} said. What was
 * restored is kept under another name.
 * @throws Fault `restore-refused`, `database-*`
 */
export async function rollBackRestore(
  target: RollbackTarget,
  systems: BackupSystems,
): Promise<RollbackPlan> {
  await using admin = await connectTo(target, systems);
  // Somebody may have renamed what was there while the question was read.
  const plan = await planOn(admin, target, systems);
  if (plan.type === 'switch') await switchDatabase(admin, plan.change, systems.signal);
  return plan;
}

async function connectTo({ server }: RollbackTarget, systems: BackupSystems): Promise<Database> {
  const postgres = await systems.adapters.postgres();
  return postgres.connect(await databaseSettings(server, systems), systems.signal);
}

async function planOn(
  admin: Database,
  target: RollbackTarget,
  { signal, clock }: BackupSystems,
): Promise<RollbackPlan> {
  const { name, replace } = target;
  const identity = await admin.identity(signal);
  const databases = await readDatabases(admin, signal);
  const kept = keptFor(name, identity.systemIdentifier, databases);
  const present = databases.find((entry) => entry.name === name);
  const undone = kept.find(
    ({ note }) => note.kept === 'restored' && note.successor === present?.oid,
  );
  if (undone && target.kept === null) return { type: 'done already', lines: doneLines(undone) };
  const chosen = choose(target, kept);
  for (const used of [name, chosen.database.name]) {
    if (identity.database === used) {
      throw refused(
        `--to connects to ${used}, which is to be renamed; let it name another database`,
      );
    }
  }
  if (present && present.oid !== chosen.note.successor && !replace) {
    throw refused(
      `${name} is not the database that the restore of ${chosen.note.set} put there; --replace puts it aside all the same`,
    );
  }
  const at = clock.now();
  const as = keptName(name, at, 'restored');
  const note = {
    kept: 'restored',
    set: chosen.note.set,
    ...{ name, at: at.toISOString(), systemIdentifier: identity.systemIdentifier },
    successor: chosen.database.oid,
  } as const;
  const aside = present && { as, note: { ...note, oid: present.oid, comment: present.comment } };
  return {
    type: 'switch',
    lines: [
      `${chosen.database.name}, put aside at ${chosen.note.at} by the restore of ${chosen.note.set}, is called ${name} again`,
      aside
        ? `  the database ${name} that is there is kept as ${as}, and sessions in it are ended`
        : `  no database is called ${name} at present`,
    ],
    change: {
      from: chosen.database.name,
      name,
      comment: chosen.note.comment,
      aside: aside ?? null,
    },
  };
}

const doneLines = ({ database, note }: KeptDatabase): string[] => [
  `${note.name} is the database from before the restore already, since ${note.at}`,
  `  what was restored from ${note.set} is kept as ${database.name}`,
];

/** @throws Fault `restore-refused` */
function choose({ name, kept }: RollbackTarget, found: readonly KeptDatabase[]): KeptDatabase {
  const candidates = found.filter(({ note }) => note.kept === 'before');
  const names = candidates.map(({ database }: { database: DatabaseEntry }) => database.name);
  if (kept !== null) {
    const named = candidates.find(({ database }) => database.name === kept);
    if (named) return named;
    const there = names.join(', ') || 'none';
    throw refused(
      `${kept} does not say that a restore put it aside for ${name}; these do: ${there}`,
    );
  }
  const [only, ...others] = candidates;
  if (!only)
    throw refused(`no database of this server says that a restore put it aside for ${name}`);
  if (others.length > 0) {
    throw refused(
      `several databases were put aside for ${name}; name one with --kept: ${names.join(', ')}`,
    );
  }
  return only;
}

const refused = (why: string): Fault => new Fault('restore-refused', why);
