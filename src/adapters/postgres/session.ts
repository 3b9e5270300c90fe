import type { Client, QueryResult as PgResult } from 'pg';
import { Fault } from '../../core/fault.ts';
import { openClient } from './connection.ts';
import type { DatabaseSettings, Notice, QueryResult, Row } from './postgres.ts';
import { statementError } from './refusal.ts';

/** One connection on which one statement runs at a time. */
export interface Session {
  readonly settings: DatabaseSettings;
  /** @throws QueryRefused, Fault `database-failed`; the signal's reason, after which it has ended */
  run(statement: Statement, signal: AbortSignal): Promise<QueryResult>;
  /** False once the connection was closed, lost or aborted. */
  readonly usable: boolean;
  notices(): readonly Notice[];
  close(): Promise<void>;
  /** Cuts the connection; the server rolls back. Later calls throw `reason`. */
  cut(reason: unknown): void;
}

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
  /** The simple protocol, which takes several statements and no values. */
  readonly simple?: boolean;
}

/** Time for cancelling a statement on the server, and for a polite end: both are courtesies. */
const courtesyMs = 3000;
const keptNotices = 100;

/** @throws Fault; the signal's reason */
export async function openSession(
  settings: DatabaseSettings,
  signal: AbortSignal,
): Promise<Session> {
  const client = await openClient(settings, signal);
  const notices = keepNotices(client);
  let ended: { readonly reason: unknown } | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  client.on('error', (error) => {
    ended ??= { reason: statementError(settings, error) };
  });
  client.on('end', () => {
    ended ??= { reason: statementError(settings, new Error('closed by the other end')) };
  });

  const cut = (reason: unknown) => {
    ended ??= { reason };
    client.connection.stream.destroy();
  };

  const runNow = async (statement: Statement, signal: AbortSignal): Promise<QueryResult> => {
    signal.throwIfAborted();
    if (ended) throw ended.reason;
    const aborted = Promise.withResolvers<never>();
    const abort = async () => {
      ended ??= { reason: signal.reason };
      await cancel(settings, backend);
      client.connection.stream.destroy();
      aborted.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      const result = await Promise.race([ask(client, statement), aborted.promise]);
      return signal.aborted ? await aborted.promise : result;
    } catch (error) {
      if (signal.aborted) return await aborted.promise;
      throw statementError(settings, error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };

  const run = async (statement: Statement, signal: AbortSignal): Promise<QueryResult> => {
    const before = turn;
    const done = Promise.withResolvers<void>();
    turn = Promise.all([before, done.promise]);
    try {
      await unlessAborted(before, signal);
      return await runNow(statement, signal);
    } finally {
      done.resolve();
    }
  };

  let backend = 0;
  const first = await run({ text: 'select pg_backend_pid() as pid', values: [] }, signal);
  backend = Number(first.rows[0]?.pid);

  return {
    settings,
    run,
    get usable() {
      return ended === undefined;
    },
    notices: () => notices,
    cut,
    async close() {
      ended ??= {
        reason: new Fault('database-failed', 'the connection was closed by deploycheck'),
      };
      const late = setTimeout(() => client.connection.stream.destroy(), courtesyMs);
      await client.end();
      clearTimeout(late);
    },
  };
}

async function ask(client: Client, { text, values, simple }: Statement): Promise<QueryResult> {
  const answer: PgResult<Row> | PgResult<Row>[] = await client.query<Row>({
    text,
    ...(simple ? {} : { values, queryMode: 'extended' }),
  });
  // Several statements in one text have several results, the last of which counts.
  const result = Array.isArray(answer) ? answer.at(-1) : answer;
  const { rows = [], rowCount = 0, command = '' } = result ?? {};
  return { rows, rowCount: rowCount ?? 0, command };
}

/**
 * Ends what the backend is doing. Without it the server would go on until it next writes to the
 * socket, which may be in hours. When it cannot be told, there is nothing more to do from here.
 */
async function cancel(settings: DatabaseSettings, backend: number): Promise<void> {
  if (backend === 0) return;
  const signal = AbortSignal.timeout(courtesyMs);
  try {
    const client = await openClient(settings, signal);
    const destroy = () => client.connection.stream.destroy();
    signal.addEventListener('abort', destroy, { once: true });
    try {
      await client.query('select pg_cancel_backend($1)', [backend]);
    } finally {
      signal.removeEventListener('abort', destroy);
      destroy();
    }
  } catch {
    // Unreachable, or full: cutting the socket is all that is left.
  }
}

async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function keepNotices(client: Client): readonly Notice[] {
  const kept: Notice[] = [];
  client.on('notice', ({ severity, code, message }) => {
    if (kept.length === keptNotices) kept.shift();
    kept.push({ severity: severity ?? '', sqlState: code ?? '', message: message ?? '' });
  });
  return kept;
}
