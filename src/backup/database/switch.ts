import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import { type KeptNote, noteText } from './kept-note.ts';
import { identifier, literal } from './names.ts';

/** Bytes that PostgreSQL keeps of a name (NAMEDATALEN - 1). */
const nameBytes = 63;
const tries = 20;
const pauseMs = 100;

/** `shop_before_20261121T151500123Z`, cut so that the time stays whole. */
export function keptName(name: string, now: Date, why: KeptNote['kept'] = 'before'): string {
  const suffix = `_${why}_${now.toISOString().replace(/[-:.]/g, '')}`;
  let start = name;
  while (Buffer.byteLength(start + suffix) > nameBytes) start = [...start].slice(0, -1).join('');
  return start + suffix;
}

/** A database that has to give its name up. */
export interface PutAside {
  readonly as: string;
  /** What its comment says from then on. */
  readonly note: KeptNote;
}

export interface Switch {
  /** What gets the name. */
  readonly from: string;
  readonly name: string;
  /** What its comment is from then on. */
  readonly comment: string | null;
  /** What has the name, where something does. */
  readonly aside: PutAside | null;
}

/**
 * Gives a database another one's name, and that one, when it is there, the name it is kept under, with a
 * comment that says so: all of it or nothing. Sessions in either of them are ended.
 * @param admin connected to neither
 * @throws Fault `database-failed` when sessions keep coming back; nothing was changed then
 */
export async function switchDatabase(
  admin: Database,
  { from, name, comment, aside }: Switch,
  signal: AbortSignal,
): Promise<void> {
  const rename = (old: string, to: string) =>
    `alter database ${identifier(old)} rename to ${identifier(to)};`;
  const say = (database: string, text: string | null) =>
    `comment on database ${identifier(database)} is ${text === null ? 'null' : literal(text)};`;
  const statements = [
    ...(aside ? [rename(name, aside.as), say(aside.as, noteText(aside.note))] : []),
    rename(from, name),
    say(name, comment),
  ].join(' ');
  for (let attempt = 1; ; attempt++) {
    await endSessions(admin, aside ? [name, from] : [from], signal);
    try {
      await admin.script(`begin; set local lock_timeout = '5s'; ${statements} commit;`, signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      // The script stopped in the middle of its transaction.
      await admin.script('rollback', signal);
      if (error instanceof Fault || attempt === tries || !isBusy(error)) throw busy(name, error);
      await delay(pauseMs, undefined, { signal });
    }
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && /SQLSTATE (?:55006|55P03)/.test(error.message);

const busy = (name: string, error: unknown): unknown =>
  isBusy(error)
    ? new Fault('database-failed', `${name}: sessions keep coming back, so it cannot be renamed`, {
        cause: error,
      })
    : error;

async function endSessions(
  admin: Database,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1::text[]) and pid <> pg_backend_pid()',
    [names],
    signal,
  );
}
