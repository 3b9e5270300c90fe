import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../core/fault.ts';
import { parseConnectionUri } from './connection-uri.ts';
import { environmentKeywords, type Keywords } from './keywords.ts';
import { lookUpPassword } from './password-file.ts';
import type { DatabaseSettings, DatabaseSource, SslMode } from './postgres.ts';
import { readService } from './service-file.ts';

/** What libpq reads beside the source itself. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** The user's home folder. */
  readonly home: string;
  /** Told every password met. */
  readonly register: (secret: string) => void;
}

const defaultPort = '5432';
/** libpq would wait for ever; an answer is worth more to somebody who runs a checklist. */
const defaultConnectSeconds = '10';

/** @throws Fault `database-url-invalid` */
export async function databaseSettings(
  source: DatabaseSource,
  { env, home, register }: Surroundings,
): Promise<DatabaseSettings> {
  const keywords = await merged(source, env, home);
  const host = hostOf(keywords.host ?? 'localhost');
  const user = keywords.user ?? systemUser();
  const port = wholeNumber('port', keywords.port ?? defaultPort);
  if (port < 1 || port > 65_535) throw invalid(`the port ${port} is not between 1 and 65535`);
  const place = { host, port, user, database: keywords.dbname ?? user };

  const { password, note } =
    keywords.password === undefined
      ? await lookUpPassword(keywords.passfile ?? join(home, '.pgpass'), place)
      : { password: keywords.password, note: undefined };
  if (password !== undefined) {
    register(password);
    register(encodeURIComponent(password));
  }
  return {
    ...place,
    password: () => password,
    ...(note === undefined ? {} : { passwordNote: note }),
    ...(await protection(keywords, home)),
    applicationName: keywords.application_name ?? 'deploycheck',
    ...(keywords.options === undefined ? {} : { options: keywords.options }),
    connectTimeoutMs: connectTimeoutMs(keywords.connect_timeout ?? defaultConnectSeconds),
  };
}

/** What is said beats the service, which beats the environment. */
async function merged(source: DatabaseSource, env: NodeJS.ProcessEnv, home: string) {
  const said: Keywords =
    'url' in source ? parseConnectionUri(source.url) : { service: source.service };
  const surrounding = environmentKeywords(env);
  const service = said.service ?? surrounding.service;
  const served = service === undefined ? {} : await readService(service, env, home);
  return { ...surrounding, ...served, ...said };
}

function hostOf(host: string): string {
  if (host.includes(',')) throw invalid('several hosts are named; name one');
  if (host.startsWith('@')) throw invalid('a socket in the abstract namespace is not supported');
  return host;
}

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

async function protection(
  keywords: Keywords,
  home: string,
): Promise<Pick<DatabaseSettings, 'sslMode' | 'sslRootCert' | 'sslCert' | 'sslKey'>> {
  const sslMode = sslModes.find((mode) => mode === (keywords.sslmode ?? 'prefer'));
  if (!sslMode) throw invalid(`sslmode is none of ${sslModes.join(', ')}`);
  const own = (name: string) => existing(join(home, '.postgresql', name));
  const sslRootCert = keywords.sslrootcert ?? (await own('root.crt'));
  if (sslRootCert === 'system' && sslMode !== 'verify-full') {
    throw invalid('sslrootcert=system needs sslmode=verify-full, for anybody can have such a one');
  }
  if (sslRootCert === undefined && sslMode.startsWith('verify-')) {
    throw invalid(`sslmode=${sslMode} needs a root certificate: set sslrootcert`);
  }
  const sslCert = keywords.sslcert ?? (await own('postgresql.crt'));
  const sslKey = keywords.sslkey ?? (await own('postgresql.key'));
  return {
    sslMode: effectiveMode(sslMode, sslRootCert),
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
    ...(sslCert === undefined || sslKey === undefined ? {} : { sslCert, sslKey }),
  };
}

/** With a root certificate at hand, `require` checks the chain (manual, chapter 34.19.1). */
const effectiveMode = (mode: SslMode, rootCert: string | undefined): SslMode =>
  mode === 'require' && rootCert !== undefined ? 'verify-ca' : mode;

async function existing(file: string): Promise<string | undefined> {
  try {
    await access(file);
    return file;
  } catch {
    return undefined;
  }
}

/** libpq's rules: none or less is no limit, and 1 counts as 2. */
function connectTimeoutMs(text: string): number {
  const seconds = wholeNumber('connect_timeout', text);
  return seconds <= 0 ? 0 : Math.max(seconds, 2) * 1000;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\s*[+-]?\d{1,9}\s*$/.test(text)) throw invalid(`${name} is not a whole number`);
  return Number(text);
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // The user of a container may have no entry in its passwd file.
    throw new Fault('database-url-invalid', 'no database user is named, and we have no name', {
      cause: error,
    });
  }
}

export function describeSettings({ host, port, user, database }: DatabaseSettings): string {
  const place = host.includes(':') ? `[${host}]` : host;
  return `${user}@${place}:${port}/${database}`;
}

const invalid = (why: string): Fault =>
  new Fault('database-url-invalid', `the settings of the database cannot be used: ${why}`);
