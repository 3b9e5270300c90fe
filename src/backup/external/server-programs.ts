import { join } from 'node:path';
import type { ProcessRunner } from '../../adapters/process/process.ts';
import { Fault } from '../../core/fault.ts';
import type { Lacking } from '../set/reports.ts';

/** Where the programs of a PostgreSQL server are. */
export interface ServerPrograms {
  /** Path or name of a program that the server's package brings. */
  named(name: string): string;
}

export type FoundPrograms = { readonly programs: ServerPrograms } | { readonly lacking: Lacking };

/**
 * The programs of the major version that a data directory is of: no other can start it.
 * @param folder where the configuration says they are; null to look at the usual places
 */
export async function serverPrograms(
  major: number,
  folder: string | null,
  processes: ProcessRunner,
  signal: AbortSignal,
): Promise<FoundPrograms> {
  const folders =
    folder === null
      ? // As the packages of Debian, of Red Hat and of PostgreSQL itself have it; then PATH.
        [`/usr/lib/postgresql/${major}/bin`, `/usr/pgsql-${major}/bin`, '']
      : [folder];
  for (const candidate of folders) {
    const named = (name: string) => (candidate === '' ? name : join(candidate, name));
    if ((await majorOf(named('postgres'), processes, signal)) === major) {
      return { programs: { named } };
    }
  }
  const where = folders.map((candidate) => candidate || 'PATH').join(', ');
  const why = `a data directory starts with its own version only; looked in ${where}`;
  return { lacking: { what: `the server programs of PostgreSQL ${major}`, why } };
}

async function majorOf(
  program: string,
  processes: ProcessRunner,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const { stdout } = await processes.run(program, ['--version'], { signal });
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
