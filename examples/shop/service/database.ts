import { Pool, type PoolClient } from 'pg';
import { logError } from './log.ts';

export function openPool(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 2_000,
    application_name: 'shop',
  });
  // An idle connection that the server closes must not end the process.
  pool.on('error', (error) => logError('idle database connection failed', error));
  return pool;
}

/** Runs the work in a transaction of the connection it is given. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // On a broken connection this fails too, and the first error is the one to tell.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Lends a connection of the pool to the work; a failed one is not used again. */
export async function withConnection<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}
