import { readFile, stat } from 'node:fs/promises';
import { systemCode } from '../../core/fault.ts';

export interface PasswordRequest {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface PasswordLookup {
  readonly password?: string;
  /** Why a file that is there was not used. */
  readonly note?: string;
}

/** The password file of libpq (PostgreSQL manual, chapter 34.16), with its check of permissions. */
export async function lookUpPassword(
  file: string,
  request: PasswordRequest,
): Promise<PasswordLookup> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) {
      return { note: `${file} is ignored because others may read it; its mode should be 0600` };
    }
    const password = findPassword(await readFile(file, 'utf8'), request);
    return password === undefined ? {} : { password };
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' ? {} : { note: `${file} is ignored: it cannot be read (${code})` };
  }
}

/** The first line whose four fields fit. */
export function findPassword(text: string, request: PasswordRequest): string | undefined {
  const { host, port, database, user } = request;
  // What libpq calls the server behind its default socket folder.
  const hostName = host === '/var/run/postgresql' || host === '/tmp' ? 'localhost' : host;
  const wanted = [hostName, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = [...line.matchAll(/((?:\\.|[^:])*)(?::|$)/g)].map(([, field = '']) => field);
    const fits = wanted.every((value, at) => fields[at] === '*' || unescaped(fields[at]) === value);
    // An empty password stands for none, and the search is over.
    if (fits) return unescaped(fields[wanted.length]) || undefined;
  }
  return undefined;
}

const unescaped = (field = ''): string => field.replaceAll(/\\(.)/g, '$1');

/** A line that gives `password` to every connection; undefined when the format cannot hold it. */
export function passwordLine(password: string): string | undefined {
  return /[\r\n\0]/.test(password)
    ? undefined
    : `*:*:*:*:${password.replaceAll(/[\\:]/g, '\\$&')}\n`;
}
