import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Fault, messageOf } from '../../core/fault.ts';
import type { DatabaseSettings } from './postgres.ts';

/** TLS with these options, or plain text. */
export type Protection = ConnectionOptions | false;

/**
 * The ways to try, best first.
 * @throws Fault `database-url-invalid` when a file of certificates cannot be read
 */
export async function protections(settings: DatabaseSettings): Promise<readonly Protection[]> {
  // Nobody can listen on a Unix socket, and libpq uses no TLS there either.
  if (settings.sslMode === 'disable' || settings.host.startsWith('/')) return [false];
  const own = await certificates(settings);
  switch (settings.sslMode) {
    case 'prefer':
      return [{ ...own, rejectUnauthorized: false }, false];
    case 'require':
      return [{ ...own, rejectUnauthorized: false }];
    case 'verify-ca':
      return [{ ...own, rejectUnauthorized: true, checkServerIdentity: () => undefined }];
    case 'verify-full':
      return [{ ...own, rejectUnauthorized: true }];
  }
}

async function certificates(settings: DatabaseSettings): Promise<ConnectionOptions> {
  const { sslMode, sslRootCert, sslCert, sslKey } = settings;
  const verifies = sslMode === 'verify-ca' || sslMode === 'verify-full';
  return {
    ...(verifies && sslRootCert !== undefined && sslRootCert !== 'system'
      ? { ca: await read(sslRootCert) }
      : {}),
    ...(sslCert !== undefined && sslKey !== undefined
      ? { cert: await read(sslCert), key: await read(sslKey) }
      : {}),
  };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `the TLS file of the database cannot be read: ${messageOf(error)}`;
    throw new Fault('database-url-invalid', message, { cause: error });
  }
}
