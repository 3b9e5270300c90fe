import type { Transaction, TransactionOptions } from './postgres.ts';
import { expected, fetchRows, queriesOn } from './queries.ts';
import { QueryRefused } from './refusal.ts';
import type { Session } from './session.ts';

export interface OpenTransaction {
  readonly handle: Transaction;
  /** @throws what a statement throws; a refusal when a statement in it had been refused */
  commit(): Promise<void>;
  /** Never throws: where it cannot be said, the connection is cut, and the server rolls back. */
  rollBack(): Promise<void>;
}

export async function beginTransaction(
  session: Session,
  options: TransactionOptions,
  signal: AbortSignal,
): Promise<OpenTransaction> {
  const say = (text: string) => expected(session, () => session.run({ text, values: [] }, signal));
  const rollBack = async () => {
    if (!session.usable) return;
    try {
      await say('rollback');
    } catch (error) {
      session.cut(error);
    }
  };
  try {
    await say(beginning(options));
    if (options.snapshot !== undefined) {
      await say(`set transaction snapshot '${options.snapshot.replaceAll("'", "''")}'`);
    }
  } catch (error) {
    await rollBack();
    throw error;
  }
  return {
    handle: handleOf(session),
    async commit() {
      const { command } = await say('commit');
      // COMMIT of a transaction in which a statement failed succeeds, and rolls back.
      if (command !== 'COMMIT') throw rolledBack();
    },
    rollBack,
  };
}

function beginning({ isolation, readOnly, deferrable }: TransactionOptions): string {
  const level = isolation ?? 'read committed';
  const access = readOnly ? 'read only' : 'read write';
  return `begin isolation level ${level} ${access} ${deferrable ? 'deferrable' : 'not deferrable'}`;
}

const rolledBack = (): QueryRefused =>
  new QueryRefused({
    sqlState: '25P02',
    message: 'the transaction was rolled back because a statement in it had been refused',
  });

function handleOf(session: Session): Transaction {
  const queries = queriesOn(session);
  let cursors = 0;
  return {
    ...queries,
    rows: (...call) => fetchRows(session, `deploycheck_${++cursors}`, ...call),
    async exportSnapshot(signal) {
      const { rows } = await queries.query('select pg_export_snapshot() as name', [], signal);
      return String(rows[0]?.name);
    },
  };
}
