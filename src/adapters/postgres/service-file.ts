import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, systemCode } from '../../core/fault.ts';
import { isKeyword, type Keyword, type Keywords, keywordProblem } from './keywords.ts';

/**
 * The settings of a service (PostgreSQL manual, chapter 34.17).
 * @throws Fault `database-url-invalid`: no such service, or a file that cannot be understood
 */
export async function readService(
  name: string,
  env: Readonly<NodeJS.ProcessEnv>,
  home: string,
): Promise<Keywords> {
  const looked: string[] = [];
  for (const file of serviceFiles(env, home)) {
    looked.push(file);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      throw new Fault('database-url-invalid', `${file}: cannot be read`, { cause: error });
    }
    const found = parseService(text, name, file);
    if (found) return found;
  }
  throw new Fault(
    'database-url-invalid',
    `the database service '${name}' is not defined in ${looked.join(' or ')}`,
  );
}

function serviceFiles(env: Readonly<NodeJS.ProcessEnv>, home: string): string[] {
  const own = env.PGSERVICEFILE || join(home, '.pg_service.conf');
  return env.PGSYSCONFDIR ? [own, join(env.PGSYSCONFDIR, 'pg_service.conf')] : [own];
}

/** As libpq reads it: no spaces around `=`, and the first of two equal keys counts. */
export function parseService(text: string, name: string, file: string): Keywords | undefined {
  const found: Partial<Record<Keyword, string>> = {};
  let section: string | undefined;
  let seen = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      // A second section of the same name is not read.
      if (seen) break;
      section = line.endsWith(']') ? line.slice(1, -1) : undefined;
      seen = section === name;
      continue;
    }
    if (section !== name) continue;
    const equals = line.indexOf('=');
    const key = line.slice(0, equals);
    const problem =
      equals < 0
        ? 'the line is not written as name=value'
        : key === 'service'
          ? 'a service cannot name another'
          : keywordProblem(key);
    if (problem !== undefined) {
      throw new Fault('database-url-invalid', `${file}:${index + 1}: ${problem}`);
    }
    if (isKeyword(key)) found[key] ??= line.slice(equals + 1);
  }
  return seen ? found : undefined;
}
