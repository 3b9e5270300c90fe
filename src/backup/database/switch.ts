import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import { identifier } from './names.ts';

/** Bytes that PostgreSQL keeps of a name (NAMEDATALEN - 1). */
const nameBytes = 63;
const tries = 20;
const pauseMs = 100;

/** `shop_before_20261121T151500Z`, cut so that the time stays whole. */
export function keptName(name: string, now: Date): string {
  const suffix = `_before_${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  let start = name;
  while (Buffer.byteLength(start + suffix) > nameBytes) start = [...start].slice(0, -1).join('');
  return start + suffix;
}

/**
 * Gives a database another one's name, and that one, when it is there, the name it is kept under: both
 * or neither. Sessions in either of them are ended.
 * @param admin connected to neither
 * @throws Fault `database-failed` when sessions keep coming back; nothing was changed then
 */
export async function switchDatabase(
  admin: Database,
  {
    fresh,
    name,
    kept,
  }: { readonly fresh: string; readonly name: string; readonly kept: string | null },
  signal: AbortSignal,
): Promise<void> {
  const rename = (from: string, to: string) =>
    `alter database ${identifier(from)} rename to ${identifier(to)};`;
  const both = `${kept === null ? '' : rename(name, kept)} ${rename(fresh, name)}`;
  for (let attempt = 1; ; attempt++) {
    await endSessions(admin, kept === null ? [fresh] : [name, fresh], signal);
    try {
      await admin.script(`begin; set local lock_timeout = '5s'; ${both} commit;`, signal);
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
