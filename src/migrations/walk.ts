import type { Database, DatabaseSettings, Postgres } from '../adapters/postgres/postgres.ts';
import { dumpSchema } from '../backup/database/dump-schema.ts';
import { schemaDifference } from '../backup/database/schema-text.ts';
import type { BackupSystems } from '../backup/systems.ts';
import type { Tried, Trouble } from './observation.ts';
import { readColumns, readRows, rowsDifference } from './rows.ts';

/** A migration with its scripts at hand. */
export interface Script {
  /** Path for people. */
  readonly file: string;
  readonly text: string;
}

export interface Steppable {
  readonly id: string;
  readonly up: Script | null;
  /** Null when there is none, or none that does anything. */
  readonly down: Script | null;
}

export interface Walking {
  readonly settings: DatabaseSettings;
  readonly systems: BackupSystems;
}

/**
 * Each migration in its turn: up, down, is everything as it was? up again, is everything as after the
 * first time? Ends at the first trouble, for what comes after stands on it.
 * @throws Fault `database-*`, `tool-*`; the signal's reason
 */
export async function walk(migrations: readonly Steppable[], on: Walking): Promise<Tried[]> {
  const tried: Tried[] = [];
  let schema = await dumpSchema(on.settings, on.systems);
  for (const migration of migrations) {
    const { next, ...step } = await stepOver(migration, schema, on);
    tried.push(step);
    if (step.trouble) break;
    schema = next;
  }
  return tried;
}

/** Only up, each once: to come to where something begins. */
export async function climb(migrations: readonly Steppable[], on: Walking): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const { id, up } of migrations) {
    const ran = await run(up, 'up-failed', on);
    tried.push({ ...untried(id), upMs: ran.ms, trouble: ran.trouble });
    if (ran.trouble) break;
  }
  return tried;
}

/** The downs alone, newest first. */
export async function descend(migrations: readonly Steppable[], on: Walking): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const { id, down } of migrations.toReversed()) {
    const ran = await run(down, 'down-failed', on);
    tried.push({ ...untried(id), downMs: ran.ms, trouble: ran.trouble });
    if (ran.trouble) break;
  }
  return tried;
}

const untried = (migration: string): Tried => ({
  migration,
  upMs: null,
  downMs: null,
  againMs: null,
  trouble: null,
});

/** @param before the schema that the migration finds; `next` is the one that it leaves */
async function stepOver(
  { id, up, down }: Steppable,
  before: string,
  on: Walking,
): Promise<Tried & { readonly next: string }> {
  const { settings, systems } = on;
  const { signal } = systems;
  const columns = await within(on, (database) => readColumns(database, signal));
  const rows = await within(on, (database) => readRows(database, columns, signal));
  const went = { ...untried(id), next: before };

  const upped = await run(up, 'up-failed', on);
  const after = { ...went, upMs: upped.ms };
  if (upped.trouble) return { ...after, trouble: upped.trouble };
  const next = await dumpSchema(settings, systems);
  if (!down) return { ...after, next };

  const downed = await run(down, 'down-failed', on);
  const back = { ...after, downMs: downed.ms };
  if (downed.trouble) return { ...back, trouble: downed.trouble };
  const left = schemaDifference(before, await dumpSchema(settings, systems));
  if (left) return { ...back, trouble: differs('schema-differs', down, left) };
  const found = await within(on, (database) => readRows(database, columns, signal));
  const lost = rowsDifference(rows, found);
  if (lost !== undefined) {
    return { ...back, trouble: { what: 'rows-differ', file: down.file, line: null, detail: lost } };
  }

  const again = await run(up, 'again-failed', on);
  const done = { ...back, againMs: again.ms, next };
  if (again.trouble) return { ...done, trouble: again.trouble };
  const other = schemaDifference(next, await dumpSchema(settings, systems));
  return { ...done, trouble: other ? differs('again-differs', up, other) : null };
}

function differs(
  what: Trouble['what'],
  script: Script | null,
  { object, expected, found }: { object: string; expected: string; found: string },
): Trouble {
  const detail = `${object}: expected '${expected.trim()}', found '${found.trim()}'`;
  return { what, file: script?.file ?? null, line: null, detail };
}

/** Each script has a session of its own, as a tool would give it: what one sets does not reach the next. */
async function run(
  script: Script | null,
  what: Trouble['what'],
  on: Walking,
): Promise<{ readonly ms: number; readonly trouble: Trouble | null }> {
  if (!script) return { ms: 0, trouble: null };
  const { clock, signal } = on.systems;
  const began = clock.monotonic();
  const trouble = await within(on, async (database, postgres): Promise<Trouble | null> => {
    try {
      await database.script(script.text, signal);
      return null;
    } catch (error) {
      const refusal = postgres.refusal(error);
      if (!refusal) throw error;
      const { message, sqlState, position } = refusal;
      const line = position === undefined ? null : lineAt(script.text, position);
      const detail = `${message} (SQLSTATE ${sqlState})`;
      return { what, file: script.file, line, detail };
    }
  });
  return { ms: Math.round(clock.monotonic() - began), trouble };
}

/** @param position counted in characters, not code units, from 1 */
function lineAt(text: string, position: number): number {
  return [...text].slice(0, position - 1).filter((character) => character === '\n').length + 1;
}

async function within<T>(
  { settings, systems }: Walking,
  work: (database: Database, postgres: Postgres) => Promise<T>,
): Promise<T> {
  const postgres = await systems.adapters.postgres();
  await using database = await postgres.connect(settings, systems.signal);
  return await work(database, postgres);
}
