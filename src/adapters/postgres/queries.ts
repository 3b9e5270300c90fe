import type { Queries, Row } from './postgres.ts';
import { QueryRefused, unexpectedRefusal } from './refusal.ts';
import type { Session } from './session.ts';
import { toWire } from './values.ts';

const defaultBatch = 1000;

/** The statements of a session, whether or not a transaction is open on it. */
export function queriesOn(session: Session): Omit<Queries, 'rows'> {
  return {
    async attempt(text, parameters, signal) {
      try {
        const result = await session.run({ text, values: toWire(parameters) }, signal);
        return { ok: true, result };
      } catch (error) {
        if (error instanceof QueryRefused) return { ok: false, refusal: error.refusal };
        throw error;
      }
    },
    query: (text, parameters, signal) =>
      expected(session, () => session.run({ text, values: toWire(parameters) }, signal)),
    async script(text, signal) {
      await expected(session, () => session.run({ text, values: [], simple: true }, signal));
    },
  };
}

/** Rows through a cursor, which needs an open transaction. */
export async function* fetchRows(
  session: Session,
  cursor: string,
  ...[sql, parameters, { batch = defaultBatch }, signal]: Parameters<Queries['rows']>
): AsyncGenerator<Row, void, undefined> {
  const say = (text: string) => expected(session, () => session.run({ text, values: [] }, signal));
  await declare(session, cursor, sql, toWire(parameters), signal);
  let failed = false;
  try {
    for (;;) {
      const { rows } = await say(`fetch forward ${batch} from ${cursor}`);
      yield* rows;
      if (rows.length < batch) return;
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    // A failed transaction takes nothing but its end, which closes the cursor, too.
    if (!failed && session.usable && !signal.aborted) await say(`close ${cursor}`);
  }
}

async function declare(
  session: Session,
  cursor: string,
  sql: string,
  values: unknown[],
  signal: AbortSignal,
): Promise<void> {
  const prefix = `declare ${cursor} no scroll cursor for `;
  try {
    await expected(session, () => session.run({ text: prefix + sql, values }, signal));
  } catch (error) {
    if (!(error instanceof QueryRefused) || error.refusal.position === undefined) throw error;
    // The caller knows its own text only.
    const position = error.refusal.position - prefix.length;
    throw new QueryRefused({ ...error.refusal, position }, error.cause);
  }
}

/** A refusal that says nothing about the statement becomes a fault. */
export async function expected<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof QueryRefused ? unexpectedRefusal(session.settings, error) : error;
  }
}
