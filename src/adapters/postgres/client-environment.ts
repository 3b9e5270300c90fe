import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../core/fault.ts';
import { passwordLine } from './password-file.ts';
import type { ClientEnvironment, DatabaseSettings } from './postgres.ts';
import { describeSettings } from './settings.ts';

/** Variables that a person may have set and that would change what a dump holds or where it goes. */
const neutral = {
  // An empty password lets libpq look into the password file.
  PGPASSWORD: '',
  PGHOSTADDR: '',
  PGREQUIREAUTH: '',
  PGCLIENTENCODING: '',
  PGTARGETSESSIONATTRS: 'any',
  PGGSSENCMODE: 'disable',
  PGDATESTYLE: 'default',
  PGTZ: 'default',
  PGGEQO: 'default',
} as const;

/** @throws Fault `database-url-invalid` */
export async function createClientEnvironment(
  settings: DatabaseSettings,
  folder: string,
): Promise<ClientEnvironment> {
  const line = passwordLine(settings.password() ?? '');
  if (line === undefined) {
    const why = 'its password holds a line break, which no password file can hold';
    throw new Fault('database-url-invalid', `${describeSettings(settings)}: ${why}`);
  }
  const name = randomBytes(8).toString('hex');
  const passwordFile = join(folder, `${name}.pgpass`);
  const serviceFile = join(folder, `${name}.service`);
  const secret = { mode: 0o600, flag: 'wx' } as const;
  await writeFile(passwordFile, line, secret);
  // A service beats the variables, and an inherited PGSERVICE cannot be unset, only pointed elsewhere.
  await writeFile(serviceFile, `[${name}]\n`, secret);
  return {
    env: {
      ...neutral,
      PGSERVICE: name,
      PGSERVICEFILE: serviceFile,
      PGPASSFILE: passwordFile,
      PGHOST: settings.host,
      PGPORT: String(settings.port),
      PGDATABASE: settings.database,
      PGUSER: settings.user,
      PGSSLMODE: settings.sslMode,
      PGSSLROOTCERT: settings.sslRootCert ?? '',
      PGSSLCERT: settings.sslCert ?? '',
      PGSSLKEY: settings.sslKey ?? '',
      PGAPPNAME: settings.applicationName,
      PGOPTIONS: settings.options ?? '',
      PGCONNECT_TIMEOUT: String(settings.connectTimeoutMs / 1000),
    },
    async [Symbol.asyncDispose]() {
      await rm(passwordFile, { force: true });
      await rm(serviceFile, { force: true });
    },
  };
}
