import { Client } from 'pg';
import type { DatabaseSettings } from './postgres.ts';
import { type Protection, protections } from './protection.ts';
import { connectError, passwordMissing, refusesTls } from './refusal.ts';
import { typeParsers } from './values.ts';

/**
 * A connected client, which has one listener for errors; the caller adds its own.
 * @throws Fault; the signal's reason
 */
export async function openClient(settings: DatabaseSettings, signal: AbortSignal): Promise<Client> {
  signal.throwIfAborted();
  const ways = await protections(settings);
  let failure: unknown;
  for (const way of ways) {
    try {
      return await connectOnce(settings, way, signal);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
      if (!mayTryNext(error)) break;
    }
  }
  throw connectError(settings, failure);
}

/** `prefer` goes on in plain text when the server has no TLS, or has no rule for it in pg_hba.conf. */
const mayTryNext = (error: unknown): boolean =>
  refusesTls(error) || (error instanceof Error && 'code' in error && error.code === '28000');

async function connectOnce(
  settings: DatabaseSettings,
  protection: Protection,
  signal: AbortSignal,
): Promise<Client> {
  const client = new Client({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    // A function also keeps pg from PGPASSWORD and the password file, which are read already.
    password: () => passwordOf(settings),
    ssl: protection,
    application_name: settings.applicationName,
    // An empty text would be replaced by PGOPTIONS.
    options: settings.options ?? ' ',
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    types: typeParsers,
  });
  // A socket may report more than one error; without a listener the second would end the process.
  client.on('error', () => undefined);
  const abort = () => client.connection.stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    signal.throwIfAborted();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function passwordOf(settings: DatabaseSettings): string {
  const password = settings.password();
  if (password === undefined) throw passwordMissing(settings);
  return password;
}
