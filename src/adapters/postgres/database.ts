import { identify } from './identity.ts';
import type { Database, DatabaseSettings, TransactionOptions } from './postgres.ts';
import { queriesOn } from './queries.ts';
import { openSession } from './session.ts';
import { beginTransaction, type OpenTransaction } from './transaction.ts';

/** @throws Fault; the signal's reason */
export async function openDatabase(
  settings: DatabaseSettings,
  signal: AbortSignal,
): Promise<Database> {
  const session = await openSession(settings, signal);
  const queries = queriesOn(session);
  let inside = false;

  /** A statement given here while a transaction is open would silently become a part of it. */
  const outside = <T>(call: () => T): T => {
    if (inside) throw new Error('a transaction is open on this connection: use its own handle');
    return call();
  };
  const begin = async (
    options: TransactionOptions,
    signal: AbortSignal,
  ): Promise<OpenTransaction> => {
    inside = true;
    try {
      return await beginTransaction(session, options, signal);
    } catch (error) {
      inside = false;
      throw error;
    }
  };
  const close = () => session.close();

  return {
    query: async (...call) => outside(() => queries.query(...call)),
    attempt: async (...call) => outside(() => queries.attempt(...call)),
    script: async (...call) => outside(() => queries.script(...call)),
    async *rows(sql, parameters, options, signal) {
      const open = await outside(() => begin({ readOnly: true }, signal));
      try {
        yield* open.handle.rows(sql, parameters, options, signal);
      } finally {
        // Nothing was written, so there is nothing to commit.
        await open.rollBack();
        inside = false;
      }
    },
    async transaction(options, work, signal) {
      const open = await outside(() => begin(options, signal));
      try {
        const result = await work(open.handle);
        await open.commit();
        return result;
      } catch (error) {
        await open.rollBack();
        throw error;
      } finally {
        inside = false;
      }
    },
    identity: async (signal) => outside(() => identify(queries, settings, signal)),
    notices: session.notices,
    close,
    [Symbol.asyncDispose]: close,
  };
}
